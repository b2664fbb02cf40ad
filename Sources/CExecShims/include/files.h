#ifndef CEXECSHIMS_FILES_H
#define CEXECSHIMS_FILES_H

#include <stdint.h>

/// A nameless file in memory, close-on-exec: its descriptor, or -1 with errno (memfd_create(2)).
int cexec_memory_file(const char *name);

/// Reserves disk room for a range without changing the file's length: 0, or an errno (fallocate(2)).
int cexec_reserve(int file, int64_t offset, int64_t length);

/// Gives a range's disk room back; the range reads as zeros: 0, or an errno (fallocate(2)).
int cexec_punch(int file, int64_t offset, int64_t length);

#endif
