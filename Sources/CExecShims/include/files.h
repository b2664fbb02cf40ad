#ifndef CEXECSHIMS_FILES_H
#define CEXECSHIMS_FILES_H

#include <stddef.h>
#include <stdint.h>

/// Reads what the kernel has in memory, without waiting for a disk: the count, or -1 with errno, EAGAIN when there is none
/// and EOPNOTSUPP when the file system cannot tell (preadv2(2), RWF_NOWAIT).
int64_t cexec_read_cached(int file, void *buffer, size_t count, int64_t offset);

/// A nameless file in memory, close-on-exec: its descriptor, or -1 with errno (memfd_create(2)).
int cexec_memory_file(const char *name);

/// Reserves disk room for a range without changing the file's length: 0, or an errno (fallocate(2)).
int cexec_reserve(int file, int64_t offset, int64_t length);

/// Gives a range's disk room back; the range reads as zeros: 0, or an errno (fallocate(2)).
int cexec_punch(int file, int64_t offset, int64_t length);

/// Nanoseconds since 1970 (CLOCK_REALTIME, clock_gettime(2)).
///
/// In C, as `timespec` changes its module in an optimised Swift build that also sees Foundation.
uint64_t cexec_wall_clock(void);

/// A clock's time in nanoseconds, 0 for one that does not exist (clock_gettime(2)).
uint64_t cexec_clock(int32_t clock);

/// Renames a file or folder where there is nothing of the new name yet; 0 or an error number (renameat2(2),
/// RENAME_NOREPLACE; rename(2) on a file system that has no such flag).
int cexec_rename_new(const char *from, const char *to);

/// When a file, no link followed, was changed last: seconds since 1970, or -1 (lstat(2)).
int64_t cexec_modified(const char *path);

/// Whether this process's limit leaves room for `count` more descriptors right now.
int cexec_descriptors_possible(int32_t count);

#endif
