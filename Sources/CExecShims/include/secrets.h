#ifndef CEXECSHIMS_SECRETS_H
#define CEXECSHIMS_SECRETS_H

/// Overwrites a variable's value where the kernel shows it: `/proc/PID/environ` is the memory that the program was
/// started with (proc(5)), which unsetenv(3) leaves unchanged.
///
/// The variable remains, with an empty value; call it before other threads read the environment.
void cexec_wipe_variable(const char *name);

/// Overwrites a text in the arguments that the program was started with, which `/proc/PID/cmdline` shows to every user:
/// where it is a whole argument, or follows an `=`.
void cexec_wipe_argument(const char *text);

/// Prevents other processes of the same user from reading this one's memory and environment (PR_SET_DUMPABLE,
/// prctl(2)), and the kernel from writing it into a core file; programs that it executes are not affected.
void cexec_hide_memory(void);

#endif
