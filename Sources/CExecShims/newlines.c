#include "newlines.h"

uint64_t cexec_count_newlines(const void *bytes, size_t count) {
  const unsigned char *byte = bytes;
  uint64_t newlines = 0;
  for (size_t index = 0; index < count; index++) newlines += byte[index] == '\n';
  return newlines;
}
