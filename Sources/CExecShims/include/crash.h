#ifndef CEXECSHIMS_CRASH_H
#define CEXECSHIMS_CRASH_H

#include <stdint.h>

// What is left to do when a fault ends this process: SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT or SIGSYS, on any
// thread. The process groups of commands are killed, the terminal is given back, one line says so, and the signal goes on
// to whatever handled it before. All of it makes system calls only, since the crash may have come at any moment.

/// Handles the faults; more than once does nothing.
void cexec_crash_install(void);

/// Has `restore` called at a crash; it must be safe in a signal handler.
void cexec_crash_set_restore(void (*restore)(void));

/// Tells where standard error is to go at a crash, and the file whose end is to be written there; -1 for neither.
void cexec_crash_set_errors(int original, int file);

/// Has a command's process group killed at a crash. The number must stay the command's until it is forgotten.
///
/// Returns what to forget it by; -1 when the table is full, and then the line says that some are left.
int32_t cexec_crash_watch(int32_t group);

/// Forgets a process group; -1 does nothing, and must be passed as well.
void cexec_crash_forget(int32_t place);

/// Has something named at a crash that cannot be ended from here: a command of a server or of an engine.
///
/// At most 100 bytes of the name are kept. Returns what to forget it by.
int32_t cexec_crash_name(const char *name);

/// Forgets a name.
void cexec_crash_forget_name(int32_t place);

#endif
