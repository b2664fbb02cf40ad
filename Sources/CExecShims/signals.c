#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "signals.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

// Written once, by main, before there is another thread.
static bool ignored[NSIG];

static atomic_int owner;

void cexec_signals_note_ignored(void) {
  struct sigaction action;
  for (int number = 1; number < NSIG; number++)
    ignored[number] = number != SIGCHLD && sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

int cexec_signal_was_ignored(int number) { return number > 0 && number < NSIG && ignored[number]; }

int cexec_ending_signals(int *numbers) {
  static const int standard[] = {SIGHUP,    SIGINT,  SIGQUIT,   SIGUSR1, SIGUSR2, SIGALRM, SIGTERM,
                                 SIGSTKFLT, SIGXCPU, SIGVTALRM, SIGPROF, SIGIO,   SIGPWR};
  int count = 0;
  for (size_t index = 0; index < sizeof standard / sizeof *standard; index++) numbers[count++] = standard[index];
  // The C library reserves those below SIGRTMIN.
  for (int number = SIGRTMIN; number <= SIGRTMAX; number++) numbers[count++] = number;
  return count;
}

void cexec_unblock_deadly(sigset_t *mask) {
  static const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS};
  for (size_t index = 0; index < sizeof faults / sizeof *faults; index++) sigdelset(mask, faults[index]);
  int numbers[64];
  int count = cexec_ending_signals(numbers);
  for (int index = 0; index < count; index++) sigdelset(mask, numbers[index]);
}

/// Runs on a thread that reads no signalfd.
static void pass_on(int number) {
  int saved = errno;
  syscall(SYS_tgkill, getpid(), atomic_load(&owner), number);
  errno = saved;
}

int cexec_signals_open(const int *signals, int count) {
  sigset_t set;
  sigemptyset(&set);
  for (int index = 0; index < count; index++)
    if (!cexec_signal_was_ignored(signals[index])) sigaddset(&set, signals[index]);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
  atomic_store(&owner, (int)syscall(SYS_gettid));
  // Blocked in the owner already: a signal passed on stays pending there and does not reach this handler again.
  struct sigaction action = {.sa_handler = pass_on, .sa_flags = SA_RESTART};
  sigfillset(&action.sa_mask);
  int numbers[64];
  int ending = cexec_ending_signals(numbers);
  for (int index = 0; index < ending; index++)
    if (sigismember(&set, numbers[index]) == 1) sigaction(numbers[index], &action, NULL);
  return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}
