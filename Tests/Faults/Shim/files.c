// Calls on files, folders and memory.
#define _GNU_SOURCE
#include "fault.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <unistd.h>

#define HALF(count) ((count) > 1 ? (count) / 2 : (count))
/// A call that moves bytes: it fails, or gets half of the count.
#define MOVES(type, name, parameters, arguments, count, fault)             \
  type name parameters {                                                   \
    REAL(name);                                                            \
    int error = fault;                                                     \
    if (error == FAULT_SHORT) count = HALF(count);                         \
    else if (error) return errno = error, -1;                              \
    return real arguments;                                                 \
  }
/// Any other call; `failure` is what it returns with errno.
#define FAILS(type, name, parameters, arguments, failure, fault)           \
  type name parameters {                                                   \
    REAL(name);                                                            \
    int error = fault;                                                     \
    if (error > 0) return errno = error, failure;                          \
    return real arguments;                                                 \
  }

MOVES(ssize_t, read, (int file, void *bytes, size_t count), (file, bytes, count), count, ON_DESCRIPTOR("read", file))
MOVES(ssize_t, write, (int file, const void *bytes, size_t count), (file, bytes, count), count,
      ON_DESCRIPTOR("write", file))
MOVES(ssize_t, pread, (int file, void *bytes, size_t count, off_t at), (file, bytes, count, at), count,
      ON_DESCRIPTOR("pread", file))
MOVES(ssize_t, pwrite, (int file, const void *bytes, size_t count, off_t at), (file, bytes, count, at), count,
      ON_DESCRIPTOR("pwrite", file))
MOVES(ssize_t, writev, (int file, const struct iovec *parts, int count), (file, parts, count), count,
      ON_DESCRIPTOR("writev", file))
MOVES(ssize_t, preadv2, (int file, const struct iovec *parts, int count, off_t at, int flags),
      (file, parts, count, at, flags), count, ON_DESCRIPTOR("preadv2", file))

FAILS(int, fallocate, (int file, int mode, off_t at, off_t length), (file, mode, at, length), -1,
      ON_DESCRIPTOR("fallocate", file))
FAILS(int, ftruncate, (int file, off_t length), (file, length), -1, ON_DESCRIPTOR("ftruncate", file))
FAILS(off_t, lseek, (int file, off_t at, int from), (file, at, from), -1, ON_DESCRIPTOR("lseek", file))
FAILS(int, flock, (int file, int operation), (file, operation), -1, ON_DESCRIPTOR("flock", file))
FAILS(int, fstat, (int file, struct stat *status), (file, status), -1, ON_DESCRIPTOR("fstat", file))
FAILS(int, stat, (const char *path, struct stat *status), (path, status), -1, ON_PATH("stat", path))
FAILS(int, lstat, (const char *path, struct stat *status), (path, status), -1, ON_PATH("stat", path))
FAILS(int, fstatat, (int folder, const char *path, struct stat *status, int flags), (folder, path, status, flags), -1,
      ON_PATH("stat", path))
FAILS(int, fstatvfs, (int file, struct statvfs *status), (file, status), -1, ON_DESCRIPTOR("fstatvfs", file))
FAILS(int, access, (const char *path, int mode), (path, mode), -1, ON_PATH("access", path))
FAILS(int, mkdir, (const char *path, mode_t mode), (path, mode), -1, ON_PATH("mkdir", path))
FAILS(int, mkdirat, (int folder, const char *path, mode_t mode), (folder, path, mode), -1, ON_PATH("mkdir", path))
FAILS(int, rename, (const char *from, const char *to), (from, to), -1, ON_PATH("rename", to))
FAILS(int, renameat, (int one, const char *from, int other, const char *to), (one, from, other, to), -1,
      ON_PATH("rename", to))
FAILS(int, renameat2, (int one, const char *from, int other, const char *to, unsigned int flags),
      (one, from, other, to, flags), -1, ON_PATH("rename", to))
FAILS(int, symlink, (const char *target, const char *path), (target, path), -1, ON_PATH("symlink", path))
FAILS(int, unlink, (const char *path), (path), -1, ON_PATH("unlink", path))
FAILS(int, unlinkat, (int folder, const char *path, int flags), (folder, path, flags), -1, ON_PATH("unlink", path))
FAILS(int, rmdir, (const char *path), (path), -1, ON_PATH("rmdir", path))
FAILS(int, chmod, (const char *path, mode_t mode), (path, mode), -1, ON_PATH("chmod", path))
FAILS(int, fchmod, (int file, mode_t mode), (file, mode), -1, ON_DESCRIPTOR("chmod", file))
FAILS(DIR *, opendir, (const char *path), (path), NULL, ON_PATH("opendir", path))
FAILS(DIR *, fdopendir, (int folder), (folder), NULL, ON_DESCRIPTOR("opendir", folder))
FAILS(struct dirent *, readdir, (DIR *folder), (folder), NULL, ON_DESCRIPTOR("readdir", dirfd(folder)))
FAILS(char *, realpath, (const char *path, char *target), (path, target), NULL, ON_PATH("realpath", path))
FAILS(ssize_t, readlink, (const char *path, char *target, size_t size), (path, target, size), -1,
      ON_PATH("readlink", path))
FAILS(void *, mmap, (void *place, size_t length, int protection, int flags, int file, off_t at),
      (place, length, protection, flags, file, at), MAP_FAILED, ON_DESCRIPTOR("mmap", file))
FAILS(int, memfd_create, (const char *name, unsigned int flags), (name, flags), -1, ON_NOTHING("memfd_create"))

// The descriptor is gone whatever close(2) returns.
int close(int file) {
  REAL(close);
  int error = ON_DESCRIPTOR("close", file), result = real(file);
  return error > 0 ? errno = error, -1 : result;
}

static const char *open_kind(int flags) { return flags & O_CREAT ? "create" : "open"; }

int open(const char *path, int flags, ...) {
  REAL(open);
  va_list more;
  va_start(more, flags);
  mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(more, mode_t) : 0;
  va_end(more);
  int error = ON_PATH(open_kind(flags), path);
  if (error > 0) return errno = error, -1;
  return real(path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...) {
  REAL(openat);
  va_list more;
  va_start(more, flags);
  mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(more, mode_t) : 0;
  va_end(more);
  int error = ON_PATH(open_kind(flags), path);
  if (error > 0) return errno = error, -1;
  return real(folder, path, flags, mode);
}

static const char *fcntl_kind(int command) {
  switch (command) {
  case F_DUPFD: case F_DUPFD_CLOEXEC: return "dup";
  case F_SETPIPE_SZ: return "pipe-size";
  case F_SETLK: case F_SETLKW: case F_OFD_SETLK: case F_OFD_SETLKW: return "flock";
  default: return NULL;
  }
}

int fcntl(int file, int command, ...) {
  REAL(fcntl);
  va_list more;
  va_start(more, command);
  void *argument = va_arg(more, void *);
  va_end(more);
  const char *kind = fcntl_kind(command);
  int error = kind ? ON_DESCRIPTOR(kind, file) : 0;
  if (error > 0) return errno = error, -1;
  return real(file, command, argument);
}
