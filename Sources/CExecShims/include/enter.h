#ifndef CEXECSHIMS_ENTER_H
#define CEXECSHIMS_ENTER_H

#include <stdint.h>

#include "process.h"

/// Where a command is placed before the exec.
struct cexec_entry {
  /// The pidfd of a process whose namespaces are entered, or the descriptor of one namespace; -1 for none.
  int32_t target;
  /// The namespaces to enter, as flags of setns(2).
  int32_t namespaces;
  /// `cgroup.procs` files, open for writing, of the groups to join.
  const int32_t *groups;
  /// The number of groups.
  int32_t group_count;
  /// Whether the command has no capability, can gain none, and gains no privileges by executing a file
  /// (capabilities(7), PR_SET_NO_NEW_PRIVS).
  int32_t confined;
  /// The system call filter as classic BPF instructions of 8 bytes (seccomp(2)); NULL for none.
  const void *filter;
  /// The number of instructions in the filter.
  int32_t filter_length;
};

/// The step at which starting a command failed.
enum cexec_entry_step {
  /// None: it runs.
  CEXEC_STEP_NONE = 0,
  /// Pipes, the terminal, `/dev/null`.
  CEXEC_STEP_STREAMS = 1,
  /// Creating the process.
  CEXEC_STEP_PROCESS = 2,
  /// Joining a group.
  CEXEC_STEP_GROUP = 3,
  /// Entering the namespaces.
  CEXEC_STEP_NAMESPACES = 4,
  /// Entering the working directory.
  CEXEC_STEP_DIRECTORY = 5,
  /// Executing the file.
  CEXEC_STEP_EXECUTE = 6,
  /// Dropping capabilities and setting the filter.
  CEXEC_STEP_CONFINE = 7,
};

/// Starts a command as `cexec_spawn` does, but within groups and namespaces: it is in all of them before its first
/// instruction, and it is a child of the caller, also in a process ID namespace.
///
/// Returns 0 and the process ID, or an error number and the step.
int cexec_spawn_in(
  const struct cexec_spawn_request *request, const struct cexec_entry *entry, int32_t *pid, int32_t *step);

/// Looks up a path relative to a directory that is treated as the root, as in a process with that root.
///
/// Returns 0 with the file's mode and whether the caller may execute (or enter) it; or an error number.
int cexec_look_beneath(int root, const char *path, uint32_t *mode, int32_t *executable);

/// Opens a file for reading relative to a directory that is treated as the root; the descriptor, or minus an error
/// number.
int cexec_open_beneath(int root, const char *path);

/// Opens a directory as the root of such lookups; the descriptor, or minus an error number.
int cexec_open_root(const char *path);

#endif
