#ifndef CEXECSHIMS_EVENTS_H
#define CEXECSHIMS_EVENTS_H

#include <stdint.h>

/// A non-blocking eventfd(2) that is closed by exec; -1 with errno when there is none to be had.
int cexec_event_open(void);

/// Makes an eventfd readable.
void cexec_event_set(int descriptor);

/// Makes an eventfd unreadable.
void cexec_event_clear(int descriptor);

/// Whether the kernel makes and joins what an event loop is built of: an epoll(7) set, an eventfd(2) and a timerfd(2).
///
/// Not where a filter forbids one of the calls, or the kernel has no memory for it.
int cexec_can_make_loop(void);

#endif
