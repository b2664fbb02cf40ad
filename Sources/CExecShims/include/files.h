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

/// Renames a file or folder if the new name does not exist; 0 or an error number (renameat2(2), RENAME_NOREPLACE;
/// rename(2) on a file system without that flag).
int cexec_rename_new(const char *from, const char *to);

#endif
