#define _GNU_SOURCE
#include "curses_capture.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

static int curses = -1, terminal = -1, memory = -1;
static size_t collected;

int cn_capture_open(int descriptor) {
  curses = descriptor;
  terminal = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
  memory = memfd_create("frame", MFD_CLOEXEC);
  if (terminal < 0 || memory < 0) cn_capture_close();
  return terminal;
}

void cn_capture_close(void) {
  if (memory >= 0) close(memory);
  if (terminal >= 0) close(terminal);
  curses = terminal = memory = -1;
}

void cn_capture_begin(void) {
  lseek(memory, 0, SEEK_SET);
  dup3(memory, curses, O_CLOEXEC);
}

void cn_capture_end(void) {
  off_t end = lseek(memory, 0, SEEK_CUR);
  collected = end > 0 ? (size_t)end : 0;
  dup3(terminal, curses, O_CLOEXEC);
}

size_t cn_captured_count(void) { return collected; }

size_t cn_captured(char *bytes, size_t count) {
  ssize_t copied = pread(memory, bytes, count, 0);
  return copied > 0 ? (size_t)copied : 0;
}
