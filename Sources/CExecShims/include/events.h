#ifndef CEXECSHIMS_EVENTS_H
#define CEXECSHIMS_EVENTS_H

#include <signal.h>
#include <stdint.h>

/// A non-blocking eventfd(2) that is closed by exec; -1 with errno when there is none to be had.
int cexec_event_open(void);

/// Makes an eventfd readable.
void cexec_event_set(int descriptor);

/// Makes an eventfd unreadable.
void cexec_event_clear(int descriptor);

/// Blocks the signals for the calling thread and returns a non-blocking signalfd(2) for them; -1 with errno.
int cexec_signals_open(const int *signals, int count);

/// The number of the next signal that waits in a signalfd; 0 when there is none.
int cexec_signals_next(int descriptor);


#endif
