// What the benchmarks watch: `flood BYTES` writes lines of 72 bytes in blocks of 64 KiB; `stamp` writes the monotonic
// time as its last output; `hold SECONDS` writes a line after a while.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { line = 72, block = 64 << 10 };

static int write_all(const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t written = write(1, bytes, count);
    if (written <= 0) return 1;
    bytes += written;
    count -= (size_t)written;
  }
  return 0;
}

static int flood(uint64_t bytes) {
  static char text[block + line];
  for (size_t index = 0; index < sizeof text; index++) text[index] = index % line == line - 1 ? '\n' : 'a' + index % 26;
  uint64_t phase = 0;
  while (bytes > 0) {
    size_t count = bytes < block ? (size_t)bytes : block;
    if (write_all(text + phase, count)) return 1;
    phase = (phase + count) % line;
    bytes -= count;
  }
  return 0;
}

static int stamp(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  uint64_t nanoseconds = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
  _exit(write(1, &nanoseconds, sizeof nanoseconds) != sizeof nanoseconds);
}

int main(int count, char **arguments) {
  if (count == 3 && strcmp(arguments[1], "flood") == 0) return flood(strtoull(arguments[2], NULL, 10));
  if (count == 2 && strcmp(arguments[1], "stamp") == 0) return stamp();
  if (count == 3 && strcmp(arguments[1], "hold") == 0) {
    sleep((unsigned)atoi(arguments[2]));
    return write_all("x\n", 2);
  }
  return 2;
}
