#ifndef CEXECSHIMS_SECRETS_H
#define CEXECSHIMS_SECRETS_H

/// Overwrites a variable's value where the kernel shows it: `/proc/PID/environ` is the memory that the program was started
/// with (proc(5)), which unsetenv(3) leaves as it is.
///
/// The variable stays, with no value; before other threads read the environment.
void cexec_wipe_variable(const char *name);

/// Overwrites a text in the arguments that the program was started with, which `/proc/PID/cmdline` shows to every user:
/// where it is an argument, or follows an `=`.
void cexec_wipe_argument(const char *text);

/// Keeps other processes of the same user from reading this one's memory and environment (PR_SET_DUMPABLE, prctl(2)), and the
/// kernel from writing it into a core file; what it executes is not meant.
void cexec_hide_memory(void);

#endif
