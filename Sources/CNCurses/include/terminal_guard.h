#ifndef CNCURSES_TERMINAL_GUARD_H
#define CNCURSES_TERMINAL_GUARD_H

#include <stddef.h>

/// Remembers a terminal and its modes as tcgetattr(3) gives them now: call it while the terminal is as the user had it.
void terminal_guard_save(int descriptor);

/// Guards the saved terminal: from now on a crash or an exit(3) writes `bytes` (at most 512) as they are and sets the saved modes.
///
/// A crash is any of the faults that `cexec_crash_install` handles, on any thread.
void terminal_guard_arm(const char *bytes, size_t count);

/// Restores the terminal once; later calls do nothing until the guard is armed again. Safe in a signal handler.
void terminal_guard_restore(void);

/// Forgets the terminal, which someone else has restored.
void terminal_guard_disarm(void);

#endif
