#include "events.h"

#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

int cexec_event_open(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void cexec_event_set(int descriptor) { eventfd_write(descriptor, 1); }

void cexec_event_clear(int descriptor) {
  eventfd_t count;
  eventfd_read(descriptor, &count);
}

int cexec_signals_open(const int *signals, int count) {
  sigset_t set;
  sigemptyset(&set);
  for (int index = 0; index < count; index++) sigaddset(&set, signals[index]);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
  return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int cexec_signals_next(int descriptor) {
  struct signalfd_siginfo info;
  if (read(descriptor, &info, sizeof info) != sizeof info) return 0;
  return (int)info.ssi_signo;
}
