#ifndef CEXECSHIMS_SIGNALS_H
#define CEXECSHIMS_SIGNALS_H

#include <signal.h>
#include <stdint.h>

/// Records which signals this process ignores; call it first in main, before any signal is ignored on purpose.
void cexec_signals_note_ignored(void);

/// Whether a signal was ignored on entry: it stays ignored, here and in every command (nohup(1), a shell's `&`).
///
/// Always 0 for SIGCHLD, whose default disposition is required to wait for children (sigaction(2)).
int cexec_signal_was_ignored(int number);

/// The signals whose default action ends a process and that are not faults, including real-time signals; returns their
/// number.
///
/// `numbers` has room for 64. SIGPIPE and SIGXFSZ are not included, because they are reported as errors.
int cexec_ending_signals(int *numbers);

/// Removes the faults and the ending signals from a mask, for a thread that blocks all others.
void cexec_unblock_deadly(sigset_t *mask);

/// Blocks the signals for the calling thread and returns a non-blocking signalfd(2) for them; -1 with errno.
///
/// Those that were ignored on entry are left out. A signal that reaches another thread, because it was sent to that
/// thread or because a library has not blocked it there, is passed on to the caller's thread.
int cexec_signals_open(const int *signals, int count);

#endif
