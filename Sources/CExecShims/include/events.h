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


/// Asks for short turns and early ones for the calling thread, where the kernel can (6.12 and later); 0 or an error
/// number. The thread's share of the processor stays what it was (sched_setattr(2), SCHED_OTHER's custom slice).
int cexec_prefer_latency(void);

#endif
