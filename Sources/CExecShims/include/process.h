#ifndef CEXECSHIMS_PROCESS_H
#define CEXECSHIMS_PROCESS_H

#include <stdint.h>

/// The arguments of posix_spawn for one command. Swift's Glibc module lacks posix_spawn's GNU extensions.
struct cexec_spawn_request {
  /// The program's file; relative to `directory`.
  const char *path;
  /// Arguments, terminated by NULL; the first is the command's name.
  char *const *arguments;
  /// Environment, terminated by NULL.
  char *const *environment;
  /// The working directory; NULL for the caller's own.
  const char *directory;
  /// The slave of a pty, which becomes the controlling terminal and the standard streams; NULL for pipes.
  const char *terminal;
  /// Standard input, or -1 for the terminal, or for /dev/null without one.
  int32_t input;
  /// Standard output, with pipes.
  int32_t output;
  /// Standard error, with pipes.
  int32_t error;
  /// The command's descriptor 3; 0 for none.
  int32_t extra;
};

/// Starts a command in its own session and process group, with default signal dispositions except those ignored on
/// entry, no blocked signals, and no descriptor but its standard streams and the extra one.
///
/// Returns 0 and the process ID, or an error number.
int cexec_spawn(const struct cexec_spawn_request *request, int32_t *pid);

/// pidfd_open(2), close-on-exec; the descriptor, or minus an error number.
int cexec_pidfd_open(int32_t pid);

/// pidfd_send_signal(2); 0 or an error number.
int cexec_pidfd_signal(int pidfd, int32_t signal);

/// Requests a pipe capacity of `bytes`; returns the actual capacity, or minus an error number (EPERM beyond the user's
/// quota, pipe(7)).
int cexec_set_pipe_size(int descriptor, int bytes);

/// A pipe's capacity in bytes (F_GETPIPE_SZ, fcntl(2)), or minus an error number.
int cexec_pipe_size(int descriptor);

/// A close-on-exec pipe whose descriptors are above 2, so that they are never standard streams; 0 or an error number.
int cexec_pipe(int32_t *reading, int32_t *writing);

/// A pty's master, non-blocking and close-on-exec, and the slave's path; 0 or an error number.
int cexec_open_terminal(uint16_t rows, uint16_t columns, int32_t *master, char *slave, uint32_t capacity);

/// Names the calling thread, at most 15 bytes (pthread_setname_np(3)).
void cexec_name_thread(const char *name);

/// Returns freed memory to the kernel (malloc_trim(3)).
void cexec_release_memory(void);

/// Sets another process's soft limit of open files; 0 or an error number.
int cexec_set_descriptor_limit(int32_t pid, uint64_t soft);

#endif
