#define _GNU_SOURCE
#include "terminal_guard.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "CExecShims.h"

// Written while disarmed only; the release store of `armed` publishes them to the handlers.
static int terminal = -1;
static bool has_modes;
static struct termios modes;
static char restore_bytes[512];
static size_t restore_count;
static atomic_bool armed;

static void write_all(const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t written = write(terminal, bytes, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    bytes += written;
    count -= (size_t)written;
  }
}

void terminal_guard_restore(void) {
  if (!atomic_exchange(&armed, false)) return;
  int saved = errno;
  // A background process that sets terminal modes would be stopped by SIGTTOU in the middle of its crash.
  sigset_t output_stop, mask;
  sigemptyset(&output_stop);
  sigaddset(&output_stop, SIGTTOU);
  pthread_sigmask(SIG_BLOCK, &output_stop, &mask);
  write_all(restore_bytes, restore_count);
  if (has_modes) tcsetattr(terminal, TCSANOW, &modes);
  pthread_sigmask(SIG_SETMASK, &mask, NULL);
  errno = saved;
}

static void install(void) {
  static bool is_installed;
  if (is_installed) return;
  is_installed = true;
  atexit(terminal_guard_restore);
  cexec_crash_set_restore(terminal_guard_restore);
  cexec_crash_install();
}

void terminal_guard_save(int descriptor) {
  atomic_store(&armed, false);
  terminal = descriptor;
  has_modes = tcgetattr(descriptor, &modes) == 0;
}

void terminal_guard_arm(const char *bytes, size_t count) {
  atomic_store(&armed, false);
  restore_count = count < sizeof restore_bytes ? count : sizeof restore_bytes;
  memcpy(restore_bytes, bytes, restore_count);
  install();
  atomic_store(&armed, true);
}

void terminal_guard_disarm(void) { atomic_store(&armed, false); }
