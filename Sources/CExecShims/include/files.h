#ifndef CEXECSHIMS_FILES_H
#define CEXECSHIMS_FILES_H

#include <stddef.h>
#include <stdint.h>

/// Reads what the kernel has in memory without waiting for a disk; returns the count, or -1 with errno: EAGAIN when
/// nothing is in memory, EOPNOTSUPP when the file system does not support it (preadv2(2), RWF_NOWAIT).
int64_t cexec_read_cached(int file, void *buffer, size_t count, int64_t offset);

/// An unnamed, close-on-exec file in memory; its descriptor, or -1 with errno (memfd_create(2)).
int cexec_memory_file(const char *name);

/// Reserves disk space for a range without changing the file's length; 0 or an error number (fallocate(2)).
int cexec_reserve(int file, int64_t offset, int64_t length);

/// Releases the disk space of a range, which then reads as zeros; 0 or an error number (fallocate(2)).
int cexec_punch(int file, int64_t offset, int64_t length);

/// Nanoseconds since 1970 (CLOCK_REALTIME, clock_gettime(2)).
///
/// In C, because `timespec` changes its module in an optimised Swift build that also imports Foundation.
uint64_t cexec_wall_clock(void);

/// A clock's time in nanoseconds, 0 for a clock that does not exist (clock_gettime(2)).
uint64_t cexec_clock(int32_t clock);

/// Renames a file or folder if the new name does not exist; 0 or an error number (renameat2(2), RENAME_NOREPLACE;
/// rename(2) on a file system without that flag).
int cexec_rename_new(const char *from, const char *to);

/// The modification time of a file without following a link: seconds since 1970, or -1 (lstat(2)).
int64_t cexec_modified(const char *path);

/// Takes a file's exclusive lock (flock(2)) and waits for it, at most this long; 0 or an error number, EBUSY when the
/// time is over.
int cexec_lock(int file, int32_t milliseconds);

/// Whether this process's limit currently allows `count` more descriptors.
int cexec_descriptors_possible(int32_t count);

#endif
