#define _GNU_SOURCE
#include "baseline.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

struct run {
  int descriptors[3];  // stdout, stderr, pidfd; -1 when done
  int left;
  uint64_t last;
};

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static int start(char *const *command, struct run *run, int pipe_size) {
  int out[2], err[2];
  pid_t pid;
  posix_spawn_file_actions_t actions;
  if (pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC)) return -1;
  if (pipe_size) fcntl(out[0], F_SETPIPE_SZ, pipe_size);
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  posix_spawn_file_actions_adddup2(&actions, err[1], 2);
  int failure = posix_spawn(&pid, command[0], &actions, NULL, command, environ);
  posix_spawn_file_actions_destroy(&actions);
  close(out[1]);
  close(err[1]);
  if (failure) return -1;
  run->descriptors[0] = out[0];
  run->descriptors[1] = err[0];
  run->descriptors[2] = (int)syscall(SYS_pidfd_open, pid, 0);
  run->left = 3;
  run->last = 0;
  return run->descriptors[2] < 0 ? -1 : 0;
}

uint64_t baseline_capture(char *const *command, const char *path) {
  static char buffer[256 << 10];
  struct run run;
  int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  uint64_t began = now();
  if (file < 0 || start(command, &run, 1 << 20)) return 0;
  for (ssize_t count; (count = read(run.descriptors[0], buffer, sizeof buffer)) > 0;) {
    for (ssize_t done = 0; done < count;) {
      ssize_t written = write(file, buffer + done, (size_t)(count - done));
      if (written <= 0) return 0;
      done += written;
    }
  }
  siginfo_t info;
  waitid(P_PIDFD, (id_t)run.descriptors[2], &info, WEXITED);
  uint64_t took = now() - began;
  for (int index = 0; index < 3; index++) close(run.descriptors[index]);
  close(file);
  return took;
}

static int add(int epoll, struct run *runs, int slot) {
  for (int kind = 0; kind < 3; kind++) {
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)(slot * 4 + kind)};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, runs[slot].descriptors[kind], &event)) return -1;
  }
  return 0;
}

// Whether the descriptor is over now. A close between fork and exec keeps an epoll entry alive, hence the explicit order.
static int serve(struct run *run, int kind) {
  char buffer[4096];
  if (kind == 2) {
    siginfo_t info;
    waitid(P_PIDFD, (id_t)run->descriptors[2], &info, WEXITED);
    return 1;
  }
  ssize_t count = read(run->descriptors[kind], buffer, sizeof buffer);
  if (count >= (ssize_t)sizeof run->last) memcpy(&run->last, buffer + count - sizeof run->last, sizeof run->last);
  return count <= 0;
}

uint64_t baseline_spawn(char *const *command, int count, int parallel, uint64_t *ends) {
  struct run *runs = calloc((size_t)parallel, sizeof *runs);
  int epoll = epoll_create1(EPOLL_CLOEXEC), started = 0, ended = 0;
  uint64_t began = now();
  for (int slot = 0; slot < parallel && started < count; slot++, started++)
    if (start(command, &runs[slot], 0) || add(epoll, runs, slot)) return 0;
  while (ended < count) {
    struct epoll_event ready[64];
    int events = epoll_wait(epoll, ready, 64, -1);
    for (int index = 0; index < events; index++) {
      int slot = (int)ready[index].data.u32 / 4, kind = (int)ready[index].data.u32 % 4;
      if (!serve(&runs[slot], kind)) continue;
      close(runs[slot].descriptors[kind]);
      if (--runs[slot].left > 0) continue;
      if (ends) ends[ended] = now() - runs[slot].last;
      ended++;
      if (started++ < count && (start(command, &runs[slot], 0) || add(epoll, runs, slot))) return 0;
    }
  }
  uint64_t took = now() - began;
  close(epoll);
  free(runs);
  return took;
}

void baseline_pin(int thread, int core) {
  cpu_set_t mask;
  CPU_ZERO(&mask);
  for (int index = 0; index < CPU_SETSIZE; index++)
    if (core < 0 || index == core) CPU_SET(index, &mask);
  sched_setaffinity(thread, sizeof mask, &mask);
}
