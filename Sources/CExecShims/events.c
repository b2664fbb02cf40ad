#include "events.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

int cexec_event_open(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void cexec_event_set(int descriptor) { eventfd_write(descriptor, 1); }

void cexec_event_clear(int descriptor) {
  eventfd_t count;
  eventfd_read(descriptor, &count);
}

static int add(int set, int descriptor) {
  struct epoll_event event = {.events = EPOLLIN};
  return descriptor >= 0 && epoll_ctl(set, EPOLL_CTL_ADD, descriptor, &event) == 0;
}

int cexec_can_make_loop(void) {
  int set = epoll_create1(EPOLL_CLOEXEC);
  int event = cexec_event_open();
  int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  int works = set >= 0 && add(set, event) && add(set, timer);
  if (set >= 0) close(set);
  if (event >= 0) close(event);
  if (timer >= 0) close(timer);
  return works;
}
