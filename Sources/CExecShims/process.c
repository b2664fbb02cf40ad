#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <termios.h>
#include <unistd.h>

#include "signals.h"

static int add_streams(posix_spawn_file_actions_t *actions, const struct cexec_spawn_request *request) {
  int error = 0;
  if (request->input >= 0) error = posix_spawn_file_actions_adddup2(actions, request->input, 0);
  if (!request->terminal) {
    if (!error && request->input < 0) error = posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0);
    if (!error) error = posix_spawn_file_actions_adddup2(actions, request->output, 1);
    if (!error) error = posix_spawn_file_actions_adddup2(actions, request->error, 2);
    return error;
  }
  // When opened by a session leader without a controlling terminal, the slave becomes the controlling terminal
  // (tty(4)).
  int first = request->input >= 0 ? 1 : 0;
  if (!error) error = posix_spawn_file_actions_addopen(actions, first, request->terminal, O_RDWR, 0);
  if (!error && first == 0) error = posix_spawn_file_actions_adddup2(actions, 0, 1);
  if (!error) error = posix_spawn_file_actions_adddup2(actions, first, 2);
  return error;
}

static int set_attributes(posix_spawnattr_t *attributes) {
  sigset_t defaults, none;
  sigfillset(&defaults);
  for (int number = 1; number < NSIG; number++)
    if (cexec_signal_was_ignored(number)) sigdelset(&defaults, number);
  sigemptyset(&none);
  int error = posix_spawnattr_setsigdefault(attributes, &defaults);
  if (!error) error = posix_spawnattr_setsigmask(attributes, &none);
  short flags = POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
  return error ? error : posix_spawnattr_setflags(attributes, flags);
}

static int spawn_with(
  const struct cexec_spawn_request *request, posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes,
  int32_t *pid) {
  int error = add_streams(actions, request);
  if (!error && request->directory) error = posix_spawn_file_actions_addchdir_np(actions, request->directory);
  // The streams are in place, so 3 is not a source any more; dup2 onto itself clears its close-on-exec flag.
  if (!error && request->extra > 0) error = posix_spawn_file_actions_adddup2(actions, request->extra, 3);
  // Descriptors that this process inherited, or that a library opened without close-on-exec, must not be passed to the
  // command.
  if (!error) error = posix_spawn_file_actions_addclosefrom_np(actions, request->extra > 0 ? 4 : 3);
  if (!error) error = set_attributes(attributes);
  pid_t child = 0;
  if (!error) error = posix_spawn(&child, request->path, actions, attributes, request->arguments, request->environment);
  *pid = child;
  return error;
}

int cexec_spawn(const struct cexec_spawn_request *request, int32_t *pid) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  int error = posix_spawn_file_actions_init(&actions);
  if (error) return error;
  error = posix_spawnattr_init(&attributes);
  if (!error) {
    error = spawn_with(request, &actions, &attributes, pid);
    posix_spawnattr_destroy(&attributes);
  }
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

int cexec_pidfd_open(int32_t pid) {
  // The kernel makes every pidfd close-on-exec (pidfd_open(2)).
  long descriptor = syscall(SYS_pidfd_open, (pid_t)pid, 0u);
  return descriptor < 0 ? -errno : (int)descriptor;
}

int cexec_pidfd_signal(int pidfd, int32_t signal) {
  return syscall(SYS_pidfd_send_signal, pidfd, signal, (siginfo_t *)0, 0u) < 0 ? errno : 0;
}

int cexec_set_pipe_size(int descriptor, int bytes) {
  int size = fcntl(descriptor, F_SETPIPE_SZ, bytes);
  return size < 0 ? -errno : size;
}

int cexec_pipe_size(int descriptor) {
  int size = fcntl(descriptor, F_GETPIPE_SZ);
  return size < 0 ? -errno : size;
}

/// Moves a close-on-exec descriptor above the standard streams; the descriptor, or minus an error number.
static int above_standard_streams(int descriptor) {
  if (descriptor > 2) return descriptor;
  int moved = fcntl(descriptor, F_DUPFD_CLOEXEC, 3), error = errno;
  close(descriptor);
  return moved < 0 ? -error : moved;
}

int cexec_pipe(int32_t *reading, int32_t *writing) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) < 0) return errno;
  int first = above_standard_streams(ends[0]);
  int second = above_standard_streams(ends[1]);
  if (first >= 0 && second >= 0) {
    *reading = first;
    *writing = second;
    return 0;
  }
  if (first >= 0) close(first);
  if (second >= 0) close(second);
  return first < 0 ? -first : -second;
}

static int prepare_terminal(int master, uint16_t rows, uint16_t columns, char *slave, uint32_t capacity) {
  if (grantpt(master) < 0 || unlockpt(master) < 0) return errno;
  int error = ptsname_r(master, slave, capacity);
  struct winsize size = {.ws_row = rows, .ws_col = columns};
  if (!error && ioctl(master, TIOCSWINSZ, &size) < 0) error = errno;
  return error;
}

int cexec_open_terminal(uint16_t rows, uint16_t columns, int32_t *master, char *slave, uint32_t capacity) {
  int descriptor = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return errno;
  descriptor = above_standard_streams(descriptor);
  if (descriptor < 0) return -descriptor;
  int error = prepare_terminal(descriptor, rows, columns, slave, capacity);
  if (error) close(descriptor);
  else *master = descriptor;
  return error;
}

void cexec_name_thread(const char *name) {
  pthread_setname_np(pthread_self(), name);
}

int cexec_set_descriptor_limit(int32_t pid, uint64_t soft) {
  struct rlimit limit;
  if (prlimit(pid, RLIMIT_NOFILE, NULL, &limit) < 0) return errno;
  limit.rlim_cur = soft < limit.rlim_max ? soft : limit.rlim_max;
  return prlimit(pid, RLIMIT_NOFILE, &limit, NULL) < 0 ? errno : 0;
}

void cexec_release_memory(void) { malloc_trim(0); }
