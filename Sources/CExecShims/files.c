#define _GNU_SOURCE
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/uio.h>
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

int cexec_rename_new(const char *from, const char *to) {
  if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  return rename(from, to) == 0 ? 0 : errno;
}
