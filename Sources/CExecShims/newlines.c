#define _GNU_SOURCE
#include "newlines.h"

#include <string.h>

// The last bytes, fewer than 32, and everything where the processor has no AVX2.
static uint64_t count_plain(const unsigned char *bytes, size_t count) {
  uint64_t newlines = 0;
  for (size_t index = 0; index < count; index++) newlines += bytes[index] == '\n';
  return newlines;
}

#if defined(__x86_64__)
#include <immintrin.h>

// Each lane of `lanes` counts to at most 255 before it is added up, so a round has at most 255 steps of 32 bytes.
__attribute__((target("avx2"))) static uint64_t count_avx2(const unsigned char *bytes, size_t count) {
  const __m256i newline = _mm256_set1_epi8('\n');
  __m256i sums = _mm256_setzero_si256();
  size_t index = 0;
  while (count - index >= 32) {
    size_t steps = (count - index) / 32;
    if (steps > 255) steps = 255;
    __m256i lanes = _mm256_setzero_si256();
    for (size_t step = 0; step < steps; step++, index += 32) {
      const __m256i block = _mm256_loadu_si256((const __m256i *)(bytes + index));
      lanes = _mm256_sub_epi8(lanes, _mm256_cmpeq_epi8(block, newline));
    }
    sums = _mm256_add_epi64(sums, _mm256_sad_epu8(lanes, _mm256_setzero_si256()));
  }
  uint64_t parts[4];
  _mm256_storeu_si256((__m256i *)parts, sums);
  return parts[0] + parts[1] + parts[2] + parts[3] + count_plain(bytes + index, count - index);
}

uint64_t cexec_count_newlines(const void *bytes, size_t count) {
  if (count >= 32 && __builtin_cpu_supports("avx2")) return count_avx2(bytes, count);
  return count_plain(bytes, count);
}
#else
uint64_t cexec_count_newlines(const void *bytes, size_t count) { return count_plain(bytes, count); }
#endif

uint64_t cexec_count_newlines_plain(const void *bytes, size_t count) { return count_plain(bytes, count); }

int64_t cexec_last_newline(const void *bytes, size_t count) {
  const unsigned char *found = count ? memrchr(bytes, '\n', count) : NULL;
  return found ? found - (const unsigned char *)bytes : -1;
}
