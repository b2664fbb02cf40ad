#ifndef CEXECSHIMS_ENTER_H
#define CEXECSHIMS_ENTER_H

#include <stdint.h>

#include "process.h"

/// Where a command is put before it is executed.
struct cexec_entry {
  /// The pidfd of a process whose namespaces are entered, or the descriptor of one namespace; -1 for none.
  int32_t target;
  /// Which of them, as setns(2) takes them.
  int32_t namespaces;
  /// `cgroup.procs` files, open for writing, of the groups that the command joins.
  const int32_t *groups;
  /// How many groups there are.
  int32_t group_count;
  /// Whether the command has no capability, cannot get one, and gains no privileges by executing a file
  /// (capabilities(7), PR_SET_NO_NEW_PRIVS).
  int32_t confined;
  /// The filter of its system calls as classic BPF instructions of 8 bytes (seccomp(2)); NULL for none.
  const void *filter;
  /// How many instructions the filter has.
  int32_t filter_length;
};

/// At which step a command was not started.
enum cexec_entry_step {
  /// Nowhere: it runs.
  CEXEC_STEP_NONE = 0,
  /// Pipes, the terminal, `/dev/null`.
  CEXEC_STEP_STREAMS = 1,
  /// Making a process.
  CEXEC_STEP_PROCESS = 2,
  /// Joining a group.
  CEXEC_STEP_GROUP = 3,
  /// Entering the namespaces.
  CEXEC_STEP_NAMESPACES = 4,
  /// The working directory.
  CEXEC_STEP_DIRECTORY = 5,
  /// Executing the file.
  CEXEC_STEP_EXECUTE = 6,
  /// Giving up capabilities and setting the filter.
  CEXEC_STEP_CONFINE = 7,
};

/// Starts a command as `cexec_spawn` does, but within groups and namespaces: it is in all of them before its first
/// instruction, and it is the caller's own child, also in a namespace of process numbers.
///
/// Returns 0 and the process's number, or an error number and the step.
int cexec_spawn_in(
  const struct cexec_spawn_request *request, const struct cexec_entry *entry, int32_t *pid, int32_t *step);

/// The CLONE_NEW flags of the namespaces in which a process differs from the calling one; or minus an error number.
int32_t cexec_differing_namespaces(int32_t pid);

/// What a name leads to within a directory that is taken for the root, as seen from a process that has it for its root.
///
/// Returns 0 with the file's mode and whether the caller may execute (or enter) it; or an error number.
int cexec_look_beneath(int root, const char *path, uint32_t *mode, int32_t *executable);

/// Opens a file for reading within a directory that is taken for the root; the descriptor, or minus an error number.
int cexec_open_beneath(int root, const char *path);

/// Opens a directory as the root of such looks; the descriptor, or minus an error number.
int cexec_open_root(const char *path);

/// Takes a file's lock (flock(2)) and waits for it; 0 or an error number.
int cexec_lock(int file);

#endif
