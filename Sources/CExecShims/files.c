#define _GNU_SOURCE
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>

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

int cexec_memory_file(const char *name) { return memfd_create(name, MFD_CLOEXEC); }
