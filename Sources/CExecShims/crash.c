#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "crash.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FAULT_COUNT = 7, GROUP_COUNT = 16384, NAME_COUNT = 256, NAME_SIZE = 101, STACK_SIZE = 64 * 1024 };

static const int faults[FAULT_COUNT] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS};
static const char *const fault_names[FAULT_COUNT] = {"SIGSEGV", "SIGBUS",  "SIGILL", "SIGFPE",
                                                     "SIGTRAP", "SIGABRT", "SIGSYS"};
static struct sigaction previous[FAULT_COUNT];
static char handler_stack[STACK_SIZE];

static _Atomic(void (*)(void)) restore_terminal;
static atomic_int error_original = -1, error_file = -1;

// MARK: - Started commands

enum { NAME_FREE, NAME_WRITING, NAME_READY };

// Unused pages cost nothing.
static atomic_int groups[GROUP_COUNT];
static atomic_uint next_group;
static struct {
  atomic_int state;
  char text[NAME_SIZE];
} names[NAME_COUNT];
/// Commands for which the table had no free slot.
static atomic_int unwatched;

int32_t cexec_crash_watch(int32_t group) {
  unsigned start = atomic_fetch_add(&next_group, 1);
  for (unsigned step = 0; step < GROUP_COUNT; step++) {
    unsigned place = (start + step) % GROUP_COUNT;
    int empty = 0;
    if (atomic_compare_exchange_strong(&groups[place], &empty, group)) return (int32_t)place;
  }
  atomic_fetch_add(&unwatched, 1);
  return -1;
}

void cexec_crash_forget(int32_t place) {
  if (place >= 0) atomic_store(&groups[place], 0);
  else atomic_fetch_sub(&unwatched, 1);
}

int32_t cexec_crash_name(const char *name) {
  for (int32_t place = 0; place < NAME_COUNT; place++) {
    int empty = NAME_FREE;
    if (!atomic_compare_exchange_strong(&names[place].state, &empty, NAME_WRITING)) continue;
    strncpy(names[place].text, name, NAME_SIZE - 1);
    atomic_store(&names[place].state, NAME_READY);
    return place;
  }
  atomic_fetch_add(&unwatched, 1);
  return -1;
}

void cexec_crash_forget_name(int32_t place) {
  if (place >= 0) atomic_store(&names[place].state, NAME_FREE);
  else atomic_fetch_sub(&unwatched, 1);
}

// MARK: - The crash

static int kill_groups(void) {
  int count = 0;
  for (unsigned place = 0; place < GROUP_COUNT; place++) {
    int group = atomic_load(&groups[place]);
    if (group > 1 && kill(-group, SIGKILL) == 0) count++;
  }
  return count;
}

/// A line built without allocating memory; what does not fit is left out.
struct line {
  char bytes[2000];
  size_t count;
};

static void add(struct line *line, const char *text) {
  while (*text && line->count < sizeof line->bytes - 1) line->bytes[line->count++] = *text++;
}

static void add_number(struct line *line, int number) {
  char digits[12];
  size_t place = sizeof digits - 1;
  digits[place] = 0;
  do digits[--place] = (char)('0' + number % 10);
  while ((number /= 10) > 0);
  add(line, digits + place);
}

static void add_names(struct line *line) {
  bool is_first = true;
  for (int place = 0; place < NAME_COUNT; place++) {
    if (atomic_load(&names[place].state) != NAME_READY) continue;
    add(line, is_first ? "; these may still be running: " : ", ");
    is_first = false;
    for (size_t index = 0; index < NAME_SIZE && names[place].text[index]; index++) {
      // Control characters are replaced; characters beyond ASCII are replaced too, because they are not distinguished
      // from control characters here.
      unsigned char byte = (unsigned char)names[place].text[index];
      char one[2] = {byte < ' ' || byte > 126 ? '?' : (char)byte, 0};
      add(line, one);
    }
  }
  int left = atomic_load(&unwatched);
  if (left <= 0) return;
  add(line, is_first ? "; " : ", and ");
  add_number(line, left);
  add(line, is_first ? " commands may still be running" : " more");
}

/// The captured standard error contains the cause: Swift writes the reason of a trap there.
static void return_errors(void) {
  int original = atomic_load(&error_original), file = atomic_load(&error_file);
  if (original < 0 || file < 0) return;
  dup2(original, STDERR_FILENO);
  char bytes[4096];
  off_t end = lseek(file, 0, SEEK_END);
  off_t begin = end > (off_t)sizeof bytes ? end - (off_t)sizeof bytes : 0;
  ssize_t count = pread(file, bytes, sizeof bytes, begin);
  if (count > 0) count = write(STDERR_FILENO, bytes, (size_t)count);
}

static void say(const char *fault, int killed) {
  struct line line = {.count = 0};
  add(&line, "boxwatch: crashed (");
  add(&line, fault);
  add(&line, ")");
  if (killed > 0) {
    add(&line, killed == 1 ? "; the command was killed" : "; ");
    if (killed > 1) add_number(&line, killed);
    if (killed > 1) add(&line, " commands were killed");
  }
  add_names(&line);
  line.bytes[line.count++] = '\n';
  // A failed write to standard error cannot be reported.
  ssize_t written = write(STDERR_FILENO, line.bytes, line.count);
  (void)written;
}

static void leave(const char *fault) {
  // First: the terminal may be stopped, and a write to it would block forever.
  int killed = kill_groups();
  void (*restore)(void) = atomic_load(&restore_terminal);
  if (restore) restore();
  return_errors();
  say(fault, killed);
}

static int index_of(int number) {
  int index = 0;
  while (index < FAULT_COUNT - 1 && faults[index] != number) index++;
  return index;
}

static void on_crash(int number, siginfo_t *info, void *context) {
  (void)context;
  static atomic_int crashing;
  int self = (int)syscall(SYS_gettid), none = 0;
  if (atomic_compare_exchange_strong(&crashing, &none, self)) leave(fault_names[index_of(number)]);
  // Another thread is handling a crash and ends the process; this one must not end it before that is done.
  else while (none != self) pause();
  sigaction(number, &previous[index_of(number)], NULL);
  // A fault repeats with its instruction, with the original context for a core file or a backtrace; other signals must
  // be raised.
  bool repeats = info->si_code > 0 && number != SIGTRAP && number != SIGABRT && number != SIGSYS;
  if (!repeats) raise(number);
}

void cexec_crash_install(void) {
  static atomic_bool is_installed;
  if (atomic_exchange(&is_installed, true)) return;
  stack_t current;
  if (sigaltstack(NULL, &current) == 0 && (current.ss_flags & SS_DISABLE)) {
    stack_t stack = {.ss_sp = handler_stack, .ss_size = STACK_SIZE};
    sigaltstack(&stack, NULL);
  }
  struct sigaction action = {.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
  sigemptyset(&action.sa_mask);
  for (int index = 0; index < FAULT_COUNT; index++) sigaction(faults[index], &action, &previous[index]);
}

void cexec_crash_set_restore(void (*restore)(void)) { atomic_store(&restore_terminal, restore); }

void cexec_crash_set_errors(int original, int file) {
  atomic_store(&error_original, original);
  atomic_store(&error_file, file);
}
