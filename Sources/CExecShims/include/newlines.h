#ifndef CEXECSHIMS_NEWLINES_H
#define CEXECSHIMS_NEWLINES_H

#include <stddef.h>
#include <stdint.h>

/// The number of newline bytes in `bytes`, counted 32 at a time where the processor has AVX2.
uint64_t cexec_count_newlines(const void *bytes, size_t count);

/// The same number, counted byte by byte, as on other processors.
uint64_t cexec_count_newlines_plain(const void *bytes, size_t count);

/// The offset of the last newline in `bytes`, or -1.
int64_t cexec_last_newline(const void *bytes, size_t count);

#endif
