#define _GNU_SOURCE
#include "fault.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

struct class {
  const char *pattern;
  const char *name;
};

/// What /proc/self/fd says of descriptors that are no files.
static const struct class kernel_objects[] = {
  {"pipe:", "pipe"},          {"socket:", "socket"},   {"anon_inode:[eventfd", "eventfd"},
  {"anon_inode:[eventpoll", "epoll"}, {"anon_inode:inotify", "inotify"}, {"anon_inode:[timerfd", "timerfd"},
  {"anon_inode:[signalfd", "signalfd"}, {"anon_inode:[pidfd", "pidfd"}, {"/memfd:", "memory"},
  {"/dev/ptmx", "command-tty"}, {"/dev/pts/", "terminal"}, {"/dev/tty", "terminal"}, {"/dev/null", "null"},
  {"/proc/", "proc"},         {"/sys/", "sys"},
};

/// A file of a journal by its name.
static const struct class journal_files[] = {
  {"stdout", "data"}, {"stderr", "data"}, {"events", "events"}, {"spec", "spec"},
};

static bool starts_with(const char *text, const char *beginning) {
  return strncmp(text, beginning, strlen(beginning)) == 0;
}

static const char *class_in_journal(const char *name) {
  for (size_t index = 0; index < sizeof journal_files / sizeof *journal_files; index++)
    if (starts_with(name, journal_files[index].pattern)) return journal_files[index].name;
  return "folder";
}

const char *class_of_path(const char *path) {
  if (!path) return "-";
  for (size_t index = 0; index < sizeof kernel_objects / sizeof *kernel_objects; index++)
    if (starts_with(path, kernel_objects[index].pattern)) return kernel_objects[index].name;
  const char *last = strrchr(path, '/');
  if (strstr(path, "/executions")) return class_in_journal(last + 1);
  // Names that are opened within a journal's folder.
  if (!last) return class_in_journal(path);
  if (strstr(path, "/runtime/")) return "runtime";
  if (strstr(path, "/config/")) return "config";
  return "file";
}

const char *class_of_descriptor(int descriptor) {
  static const char *const standard[] = {"our-stdin", "our-stdout", "our-stderr"};
  if (descriptor >= 0 && descriptor < 3) return standard[descriptor];
  if (descriptor < 0) return "-";
  char path[32], target[512];
  int saved = errno;
  snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
  long length = syscall(SYS_readlink, path, target, sizeof target - 1);
  errno = saved;
  if (length <= 0) return "-";
  target[length] = 0;
  return class_of_path(target);
}
