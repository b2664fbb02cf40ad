#ifndef CEXECSHIMS_NEWLINES_H
#define CEXECSHIMS_NEWLINES_H

#include <stddef.h>
#include <stdint.h>

/// The number of newline bytes in `bytes`, counted 32 at a time where the processor has AVX2.
uint64_t cexec_count_newlines(const void *bytes, size_t count);

#endif
