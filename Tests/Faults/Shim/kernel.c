// Calls on events, processes, threads, sockets and terminals.
#define _GNU_SOURCE
#include "fault.h"

#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define FAILS(type, name, parameters, arguments, failure, fault)           \
  type name parameters {                                                   \
    REAL(name);                                                            \
    int error = fault;                                                     \
    if (error > 0) return errno = error, failure;                          \
    return real arguments;                                                 \
  }
/// A function that returns the error number.
#define RETURNS(name, parameters, arguments)                               \
  int name parameters {                                                    \
    REAL(name);                                                            \
    int error = ON_NOTHING(#name);                                         \
    return error > 0 ? error : real arguments;                             \
  }

FAILS(int, epoll_create, (int size), (size), -1, ON_NOTHING("epoll_create1"))
FAILS(int, epoll_create1, (int flags), (flags), -1, ON_NOTHING("epoll_create1"))
FAILS(int, epoll_ctl, (int set, int operation, int file, struct epoll_event *event), (set, operation, file, event), -1,
      operation == EPOLL_CTL_DEL ? 0 : ON_DESCRIPTOR("epoll_ctl", file))
FAILS(int, epoll_wait, (int set, struct epoll_event *events, int count, int time), (set, events, count, time), -1,
      ON_NOTHING("epoll_wait"))
FAILS(int, poll, (struct pollfd *entries, nfds_t count, int time), (entries, count, time), -1, ON_NOTHING("poll"))
FAILS(int, eventfd, (unsigned int count, int flags), (count, flags), -1, ON_NOTHING("eventfd"))
FAILS(int, eventfd_write, (int file, eventfd_t count), (file, count), -1, ON_DESCRIPTOR("write", file))
FAILS(int, eventfd_read, (int file, eventfd_t *count), (file, count), -1, ON_DESCRIPTOR("read", file))
FAILS(int, signalfd, (int file, const sigset_t *set, int flags), (file, set, flags), -1, ON_NOTHING("signalfd"))
FAILS(int, timerfd_create, (clockid_t clock, int flags), (clock, flags), -1, ON_NOTHING("timerfd_create"))
FAILS(int, inotify_init1, (int flags), (flags), -1, ON_NOTHING("inotify_init1"))
FAILS(int, inotify_add_watch, (int file, const char *path, uint32_t mask), (file, path, mask), -1,
      ON_PATH("inotify_add_watch", path))
FAILS(int, pipe, (int ends[2]), (ends), -1, ON_NOTHING("pipe"))
FAILS(int, pipe2, (int ends[2], int flags), (ends, flags), -1, ON_NOTHING("pipe"))
FAILS(int, dup, (int file), (file), -1, ON_DESCRIPTOR("dup", file))
FAILS(int, dup2, (int file, int target), (file, target), -1, ON_DESCRIPTOR("dup2", file))

FAILS(int, socket, (int domain, int type, int protocol), (domain, type, protocol), -1, ON_NOTHING("socket"))
FAILS(int, socketpair, (int domain, int type, int protocol, int ends[2]), (domain, type, protocol, ends), -1,
      ON_NOTHING("socket"))
FAILS(int, bind, (int file, const struct sockaddr *address, socklen_t size), (file, address, size), -1,
      ON_NOTHING("bind"))
FAILS(int, listen, (int file, int count), (file, count), -1, ON_NOTHING("listen"))
FAILS(int, connect, (int file, const struct sockaddr *address, socklen_t size), (file, address, size), -1,
      ON_NOTHING("connect"))
FAILS(int, accept, (int file, struct sockaddr *address, socklen_t *size), (file, address, size), -1,
      ON_NOTHING("accept4"))
FAILS(int, accept4, (int file, struct sockaddr *address, socklen_t *size, int flags), (file, address, size, flags), -1,
      ON_NOTHING("accept4"))
FAILS(int, getsockopt, (int file, int level, int name, void *value, socklen_t *size), (file, level, name, value, size),
      -1, ON_DESCRIPTOR("getsockopt", file))
FAILS(int, setsockopt, (int file, int level, int name, const void *value, socklen_t size),
      (file, level, name, value, size), -1, ON_DESCRIPTOR("setsockopt", file))
FAILS(ssize_t, send, (int file, const void *bytes, size_t count, int flags), (file, bytes, count, flags), -1,
      ON_DESCRIPTOR("write", file))
FAILS(ssize_t, sendmsg, (int file, const struct msghdr *message, int flags), (file, message, flags), -1,
      ON_DESCRIPTOR("write", file))
FAILS(ssize_t, recv, (int file, void *bytes, size_t count, int flags), (file, bytes, count, flags), -1,
      ON_DESCRIPTOR("read", file))
FAILS(ssize_t, recvmsg, (int file, struct msghdr *message, int flags), (file, message, flags), -1,
      ON_DESCRIPTOR("read", file))

FAILS(pid_t, waitpid, (pid_t process, int *status, int options), (process, status, options), -1, ON_NOTHING("waitid"))
FAILS(int, waitid, (idtype_t type, id_t id, siginfo_t *info, int options), (type, id, info, options), -1,
      ON_NOTHING("waitid"))
FAILS(int, kill, (pid_t process, int number), (process, number), -1, ON_NOTHING("kill"))
FAILS(int, getrlimit, (__rlimit_resource_t what, struct rlimit *limit), (what, limit), -1, ON_NOTHING("getrlimit"))
FAILS(int, setrlimit, (__rlimit_resource_t what, const struct rlimit *limit), (what, limit), -1,
      ON_NOTHING("setrlimit"))
FAILS(int, prlimit, (pid_t process, enum __rlimit_resource what, const struct rlimit *next, struct rlimit *old),
      (process, what, next, old), -1, ON_NOTHING("prlimit"))
FAILS(int, tcgetattr, (int file, struct termios *settings), (file, settings), -1, ON_DESCRIPTOR("tcgetattr", file))
FAILS(int, tcsetattr, (int file, int when, const struct termios *settings), (file, when, settings), -1,
      ON_DESCRIPTOR("tcsetattr", file))
FAILS(int, posix_openpt, (int flags), (flags), -1, ON_NOTHING("posix_openpt"))

RETURNS(posix_spawn, (pid_t *restrict process, const char *restrict path, const posix_spawn_file_actions_t *actions,
                      const posix_spawnattr_t *restrict attributes, char *const arguments[restrict],
                      char *const environment[restrict]),
        (process, path, actions, attributes, arguments, environment))
RETURNS(pthread_create, (pthread_t *restrict thread, const pthread_attr_t *restrict attributes,
                         void *(*body)(void *), void *restrict argument),
        (thread, attributes, body, argument))

int ioctl(int file, unsigned long request, ...) {
  REAL(ioctl);
  va_list more;
  va_start(more, request);
  void *argument = va_arg(more, void *);
  va_end(more);
  int error = ON_DESCRIPTOR("ioctl", file);
  if (error > 0) return errno = error, -1;
  return real(file, request, argument);
}

int clone(int (*body)(void *), void *stack, int flags, void *argument, ...) {
  REAL(clone);
  va_list more;
  va_start(more, argument);
  void *parent = va_arg(more, void *), *local = va_arg(more, void *), *child = va_arg(more, void *);
  va_end(more);
  int error = ON_NOTHING("clone");
  if (error > 0) return errno = error, -1;
  return real(body, stack, flags, argument, parent, local, child);
}

/// The kind of a call that is made by its number; NULL for those that cannot fail or are not counted.
static const char *kind_of_number(long number) {
  switch (number) {
  case SYS_pidfd_open: return "pidfd_open";
  case SYS_pidfd_send_signal: return "kill";
  case SYS_openat: case SYS_openat2: return "open";
  case SYS_write: return "write";
  case SYS_setns: return "setns";
  case SYS_unshare: return "unshare";
  case SYS_dup3: return "dup2";
  case SYS_execve: return "execve";
  case SYS_mount: case SYS_pivot_root: return "mount";
  case SYS_seccomp: return "seccomp";
  case SYS_clone3: return "clone";
  default: return NULL;
  }
}

long syscall(long number, ...) {
  REAL(syscall);
  va_list more;
  va_start(more, number);
  long words[6];
  for (int index = 0; index < 6; index++) words[index] = va_arg(more, long);
  va_end(more);
  const char *kind = kind_of_number(number);
  int error = 0;
  if (kind && (number == SYS_openat || number == SYS_openat2)) error = ON_PATH(kind, (const char *)words[1]);
  else if (kind && number == SYS_write) error = ON_DESCRIPTOR(kind, (int)words[0]);
  else if (kind) error = ON_NOTHING(kind);
  if (error > 0) return errno = error, -1;
  return real(number, words[0], words[1], words[2], words[3], words[4], words[5]);
}
