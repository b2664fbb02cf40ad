#ifndef CEXECSHIMS_SIGNALS_H
#define CEXECSHIMS_SIGNALS_H

#include <signal.h>
#include <stdint.h>

/// Notes which signals this process ignores; call it first of all in main, before anything is ignored on purpose.
void cexec_signals_note_ignored(void);

/// Whether a signal was ignored on entry: it stays ignored, here and in every command (nohup(1), a shell's `&`).
///
/// Never SIGCHLD, whose default this process needs to wait for its children (sigaction(2)).
int cexec_signal_was_ignored(int number);

/// The signals whose default ends a process and that no fault raises, real-time signals included; how many there are.
///
/// `numbers` has room for 64. SIGPIPE and SIGXFSZ are no part of it: they are errors to report.
int cexec_ending_signals(int *numbers);

/// Takes the faults and the ending signals out of a mask, for a thread that blocks all others.
void cexec_unblock_deadly(sigset_t *mask);

/// Blocks the signals for the calling thread and returns a non-blocking signalfd(2) for them; -1 with errno.
///
/// Those that were ignored on entry are left out. One that reaches another thread, because it was sent to that thread or
/// because a library has not blocked it there, is passed on to the caller's.
int cexec_signals_open(const int *signals, int count);

/// The number of the next signal that waits in a signalfd; 0 when there is none. Call it on the thread that opened it.
int cexec_signals_next(int descriptor);

#endif
