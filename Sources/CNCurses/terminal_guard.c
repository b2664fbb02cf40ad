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

enum { SIGNAL_COUNT = 6, STACK_SIZE = 64 * 1024 };

static const int crash_signals[SIGNAL_COUNT] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT};

// Written while disarmed only; the release store of `armed` publishes them to the handlers.
static int terminal = -1;
static bool has_modes;
static struct termios modes;
static char restore_bytes[512];
static size_t restore_count;
static atomic_bool armed;

static struct sigaction previous[SIGNAL_COUNT];
static char handler_stack[STACK_SIZE];

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

static void on_crash(int number, siginfo_t *info, void *context) {
  (void)context;
  terminal_guard_restore();
  for (int index = 0; index < SIGNAL_COUNT; index++) {
    if (crash_signals[index] == number) sigaction(number, &previous[index], NULL);
  }
  // A fault happens again when its instruction does, with the true context for a core file or a backtrace; the others must be raised.
  bool repeats = info->si_code > 0 && number != SIGTRAP && number != SIGABRT;
  if (!repeats) raise(number);
}

static void install(void) {
  static bool is_installed;
  if (is_installed) return;
  is_installed = true;
  atexit(terminal_guard_restore);
  stack_t current;
  if (sigaltstack(NULL, &current) == 0 && (current.ss_flags & SS_DISABLE)) {
    stack_t stack = {.ss_sp = handler_stack, .ss_size = STACK_SIZE};
    sigaltstack(&stack, NULL);
  }
  struct sigaction action = {.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
  sigemptyset(&action.sa_mask);
  for (int index = 0; index < SIGNAL_COUNT; index++) sigaction(crash_signals[index], &action, &previous[index]);
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
