#ifndef CEXECSHIMS_MOUNTS_H
#define CEXECSHIMS_MOUNTS_H

#include <stdint.h>

/// The mount namespace, as setns(2) takes it (CLONE_NEWNS).
enum { CEXEC_MOUNT_NAMESPACE = 0x20000 };

/// What is done at one place of a tree of mounts.
enum cexec_mount_kind {
  /// Takes the mount at `target` of the host's tree, and all below it, out of the namespace; a failure is ignored.
  CEXEC_MOUNT_DETACH = 0,
  /// Makes an empty folder, and the folders above it.
  CEXEC_MOUNT_FOLDER = 1,
  /// Makes an empty file, and the folders above it.
  CEXEC_MOUNT_FILE = 2,
  /// Makes a link that says `source`.
  CEXEC_MOUNT_LINK = 3,
  /// Mounts the host's `source`, with all that is mounted below it.
  CEXEC_MOUNT_BIND = 4,
  /// Mounts an empty folder.
  CEXEC_MOUNT_EMPTY = 5,
};

/// One step; `target` begins with a slash and is meant within the tree, except for CEXEC_MOUNT_DETACH.
struct cexec_mount_step {
  int32_t kind;
  const char *source;
  const char *target;
};

/// Makes a tree of mounts at the folder `place`, in a mount namespace of its own, which no process is in.
///
/// All of the tree is read-only, without devices and without set-user-ID (mount_setattr(2)). What the host mounts and
/// unmounts later happens in the namespace too, and nothing the other way round. The caller's own mounts are untouched.
///
/// Returns a descriptor of the namespace, which lives as long as that; or minus an error number.
int32_t cexec_prepare_mounts(const char *place, const struct cexec_mount_step *steps, int32_t count);

/// Whether the mounts of the calling process's namespace have changed since the last call with this descriptor of
/// `/proc/self/mountinfo` (proc_pid_mounts(5)).
int32_t cexec_mounts_changed(int32_t mountinfo);

#endif
