#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// <sys/mount.h> and <linux/mount.h> define the same names in some versions of the C library.
int mount(const char *, const char *, const char *, unsigned long, const void *);
int umount2(const char *, int);
enum { DETACH = 2 };

struct job {
  const char *place;
  const struct cexec_mount_step *steps;
  int32_t count;
  int root;
  /// The namespace, or minus an error number.
  int32_t answer;
};

/// Makes the parents of a path; nothing is mounted in the tree yet, so they are all in its own memory.
static int make_parents(int root, const char *path) {
  char part[PATH_MAX];
  if (snprintf(part, sizeof part, "%s", path) >= (int)sizeof part) return errno = ENAMETOOLONG, -1;
  for (char *slash = strchr(part, '/'); slash; slash = strchr(slash + 1, '/')) {
    *slash = 0;
    if (mkdirat(root, part, 0755) < 0 && errno != EEXIST) return -1;
    *slash = '/';
  }
  return 0;
}

/// Mounts on a path of the tree, without following links out of it.
static int mount_on(const struct job *job, const struct cexec_mount_step *step) {
  struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS};
  int target = (int)syscall(SYS_openat2, job->root, step->target + 1, &how, sizeof how);
  if (target < 0) return -1;
  char name[64];
  snprintf(name, sizeof name, "/proc/thread-self/fd/%d", target);
  int result = step->kind == CEXEC_MOUNT_BIND ? mount(step->source, name, NULL, MS_BIND | MS_REC, NULL)
                                              : mount("tmpfs", name, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755");
  int error = errno;
  close(target);
  errno = error;
  return result;
}

static int take(const struct job *job, const struct cexec_mount_step *step) {
  const char *path = step->target + 1;
  switch (step->kind) {
  case CEXEC_MOUNT_DETACH: return 0;
  case CEXEC_MOUNT_FOLDER:
    if (make_parents(job->root, path) < 0) return -1;
    return mkdirat(job->root, path, 0755) < 0 && errno != EEXIST ? -1 : 0;
  case CEXEC_MOUNT_FILE:
    if (make_parents(job->root, path) < 0) return -1;
    return mknodat(job->root, path, S_IFREG | 0444, 0) < 0 && errno != EEXIST ? -1 : 0;
  case CEXEC_MOUNT_LINK:
    if (make_parents(job->root, path) < 0) return -1;
    return symlinkat(step->source, job->root, path);
  default: return mount_on(job, step);
  }
}

/// Makes the tree in the calling thread's own namespace.
static int make_tree(struct job *job) {
  // First: what is unmounted here must stay mounted on the host.
  if (mount(NULL, "/", NULL, MS_SLAVE | MS_REC, NULL) < 0) return -1;
  for (int32_t index = 0; index < job->count; index++)
    if (job->steps[index].kind == CEXEC_MOUNT_DETACH) umount2(job->steps[index].target, DETACH);
  if (mount("tmpfs", job->place, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755") < 0) return -1;
  job->root = open(job->place, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (job->root < 0) return -1;
  for (int32_t index = 0; index < job->count; index++)
    if (take(job, &job->steps[index]) < 0) return -1;
  struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV};
  return (int)syscall(SYS_mount_setattr, job->root, "", AT_EMPTY_PATH | AT_RECURSIVE, &attributes, sizeof attributes);
}

/// Whether a process that enters the namespace finds the tree, which is not the case for a process in a chroot.
static int is_found(const struct job *job, int space) {
  struct stat made, found;
  if (fstat(job->root, &made) < 0 || setns(space, CLONE_NEWNS) < 0 || stat(job->place, &found) < 0) return 0;
  return made.st_dev == found.st_dev && made.st_ino == found.st_ino;
}

/// On a separate thread, because a namespace that was left cannot be entered again without its descriptor.
static void *prepare(void *argument) {
  struct job *job = argument;
  int space = -1;
  if (unshare(CLONE_NEWNS) == 0 && make_tree(job) == 0) space = open("/proc/thread-self/ns/mnt", O_RDONLY | O_CLOEXEC);
  job->answer = space < 0 ? -errno : space;
  if (space >= 0 && !is_found(job, space)) {
    close(space);
    // Unlike a missing file, a chroot stays.
    job->answer = -EXDEV;
  }
  if (job->root >= 0) close(job->root);
  return NULL;
}

int32_t cexec_prepare_mounts(const char *place, const struct cexec_mount_step *steps, int32_t count) {
  struct job job = {.place = place, .steps = steps, .count = count, .root = -1};
  pthread_t thread;
  // Signals for this program must be handled by a permanent thread.
  sigset_t all, old;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &old);
  int error = pthread_create(&thread, NULL, prepare, &job);
  pthread_sigmask(SIG_SETMASK, &old, NULL);
  if (error) return -error;
  pthread_join(thread, NULL);
  return job.answer;
}
