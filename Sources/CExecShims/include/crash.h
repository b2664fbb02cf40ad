#ifndef CEXECSHIMS_CRASH_H
#define CEXECSHIMS_CRASH_H

#include <stdint.h>

// Cleanup when a fault ends this process: SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT or SIGSYS, on any thread.
// The process groups of commands are killed, the terminal is restored, one line reports it, and the signal is passed on
// to its previous handler. Only system calls are made, because the crash may occur at any moment.

/// Installs the fault handlers; calling it again does nothing.
void cexec_crash_install(void);

/// Sets a function that is called at a crash; it must be async-signal-safe.
void cexec_crash_set_restore(void (*restore)(void));

/// Sets the descriptor to which standard error is restored at a crash, and the file whose end is written there; -1 for
/// neither.
void cexec_crash_set_errors(int original, int file);

/// Registers a command's process group to be killed at a crash. Its ID must not be released before it is unregistered.
///
/// Returns a slot for unregistering; -1 when the table is full, and then the line reports unregistered commands.
int32_t cexec_crash_watch(int32_t group);

/// Unregisters a process group; -1 must be passed too, and only adjusts the count of unregistered commands.
void cexec_crash_forget(int32_t place);

/// Registers the name of a command that cannot be ended from here, because it runs on a server or in an engine.
///
/// At most 100 bytes of the name are kept. Returns a slot for unregistering.
int32_t cexec_crash_name(const char *name);

/// Unregisters a name.
void cexec_crash_forget_name(int32_t place);

#endif
