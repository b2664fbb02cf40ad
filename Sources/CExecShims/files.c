#define _GNU_SOURCE
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static int allocate(int file, int mode, int64_t offset, int64_t length) {
  while (fallocate(file, mode, offset, length) != 0) {
    if (errno != EINTR) return errno;
  }
  return 0;
}

int cexec_reserve(int file, int64_t offset, int64_t length) {
  return allocate(file, FALLOC_FL_KEEP_SIZE, offset, length);
}

int cexec_punch(int file, int64_t offset, int64_t length) {
  return allocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, length);
}

int64_t cexec_read_cached(int file, void *buffer, size_t count, int64_t offset) {
  struct iovec place = {.iov_base = buffer, .iov_len = count};
  ssize_t done;
  do {
    done = preadv2(file, &place, 1, offset, RWF_NOWAIT);
  } while (done < 0 && errno == EINTR);
  return done;
}

int cexec_memory_file(const char *name) { return memfd_create(name, MFD_CLOEXEC); }

uint64_t cexec_clock(int32_t clock) {
  struct timespec now = {0};
  clock_gettime(clock, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t cexec_wall_clock(void) { return cexec_clock(CLOCK_REALTIME); }

int cexec_rename_new(const char *from, const char *to) {
  if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  return rename(from, to) == 0 ? 0 : errno;
}

int64_t cexec_modified(const char *path) {
  struct stat status;
  return lstat(path, &status) == 0 ? status.st_mtim.tv_sec : -1;
}

int cexec_lock(int file, int32_t milliseconds) {
  const uint64_t deadline = cexec_clock(CLOCK_MONOTONIC) + (uint64_t)milliseconds * 1000000;
  // Never flock(2) without LOCK_NB: the holder may be stopped, and then the wait would have no end.
  while (flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno != EWOULDBLOCK) return errno;
    if (cexec_clock(CLOCK_MONOTONIC) >= deadline) return EBUSY;
    poll(NULL, 0, 1);
  }
  return 0;
}

int cexec_descriptors_possible(int32_t count) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  int highest = limit.rlim_cur > INT_MAX ? INT_MAX : (int)limit.rlim_cur - 1;
  int32_t left = 0;
  // The kernel assigns the lowest free number, so the highest are checked first. None is opened to be counted, because
  // another thread that opens a file meanwhile would be refused.
  for (int number = highest; number >= 0 && left < count; number--)
    if (fcntl(number, F_GETFD) < 0) left++;
  return left == count;
}
