#ifndef CEXECSHIMS_EVENTS_H
#define CEXECSHIMS_EVENTS_H

#include <stdint.h>

/// A non-blocking, close-on-exec eventfd(2); -1 with errno on failure.
int cexec_event_open(void);

/// Makes an eventfd readable.
void cexec_event_set(int descriptor);

/// Makes an eventfd unreadable.
void cexec_event_clear(int descriptor);

/// Whether an epoll(7) set, an eventfd(2) and a timerfd(2), the parts of an event loop, can be created and connected.
///
/// This fails where a filter forbids one of the calls, or the kernel has no memory for it.
int cexec_can_make_loop(void);

#endif
