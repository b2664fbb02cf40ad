#ifndef CEXECSHIMS_MOUNTS_H
#define CEXECSHIMS_MOUNTS_H

#include <stdint.h>

/// The operation at one path of a tree of mounts.
enum cexec_mount_kind {
  /// Detaches the mount at `target` of the host's tree, and all below it, in the namespace; a failure is ignored.
  CEXEC_MOUNT_DETACH = 0,
  /// Makes an empty folder and its parents.
  CEXEC_MOUNT_FOLDER = 1,
  /// Makes an empty file and its parents.
  CEXEC_MOUNT_FILE = 2,
  /// Makes a symbolic link to `source`.
  CEXEC_MOUNT_LINK = 3,
  /// Binds the host's `source`, with all mounts below it.
  CEXEC_MOUNT_BIND = 4,
  /// Mounts an empty folder.
  CEXEC_MOUNT_EMPTY = 5,
};

/// One step; `target` begins with a slash and is relative to the tree, except for CEXEC_MOUNT_DETACH.
struct cexec_mount_step {
  int32_t kind;
  const char *source;
  const char *target;
};

/// Makes a tree of mounts at the folder `place`, in a separate mount namespace that no process is in.
///
/// The whole tree is read-only, without devices and without set-user-ID (mount_setattr(2)). Later mounts and unmounts
/// of the host take effect in the namespace too, but not the other way round. The caller's own mounts are unchanged.
///
/// Returns a descriptor of the namespace, which exists as long as the descriptor; or minus an error number, EXDEV if a
/// process that enters the namespace would not find the tree, as in a chroot.
int32_t cexec_prepare_mounts(const char *place, const struct cexec_mount_step *steps, int32_t count);

#endif
