#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "enter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "signals.h"

// Two processes take part. The *helper* joins the groups and enters the namespaces; a process ID namespace applies only
// to its children. The *command* is created by the helper, but is a child of the caller by CLONE_PARENT, so that the
// caller observes its exit and signals it directly.
//
// Both share the caller's memory until the exec, as with vfork(2): copying the page tables would cost a millisecond for
// every 15 MiB. The calling thread waits meanwhile and lends its stacks; other threads continue and may hold any lock,
// so only raw system calls are made. The kernel's out-of-memory killer spares a process in the middle of a vfork
// (oom_badness), although the helper may have joined a group that has no memory left.
//
// A process of the box can have the same user, and could access this memory through the helper's or the command's entry
// in /proc once they are within the box's namespaces. So the memory is undumpable meanwhile: access then takes a
// capability in the user namespace in which this program was executed (ptrace(2), "PTRACE_MODE_...").

struct report {
  int32_t pid;
  int32_t step;
  int32_t error;
};

struct job {
  const struct cexec_spawn_request *request;
  const struct cexec_entry *entry;
  int terminal;
  int null;
  /// The lower end of the command's stack.
  char *stack;
  struct report report;
};

static int fail(struct job *job, enum cexec_entry_step step) {
  job->report.step = (int32_t)step;
  job->report.error = errno;
  return -1;
}

static int open_raw(const char *path, int flags) {
  long file = syscall(SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC, 0);
  if (file < 0 || file > 2) return (int)file;
  // dup2 onto itself would leave it close-on-exec.
  return (int)syscall(SYS_fcntl, file, F_DUPFD_CLOEXEC, 3);
}

/// Opens files that are not visible in the command's new root.
static int open_streams(struct job *job) {
  const struct cexec_spawn_request *request = job->request;
  job->terminal = job->null = -1;
  if (request->terminal) {
    job->terminal = open_raw(request->terminal, O_RDWR | O_NOCTTY);
    return job->terminal < 0 ? fail(job, CEXEC_STEP_STREAMS) : 0;
  }
  if (request->input >= 0) return 0;
  job->null = open_raw("/dev/null", O_RDONLY);
  return job->null < 0 ? fail(job, CEXEC_STEP_STREAMS) : 0;
}

static int join(struct job *job) {
  for (int32_t index = 0; index < job->entry->group_count; index++)
    // 0 means the writer itself, in both versions of cgroups.
    if (syscall(SYS_write, job->entry->groups[index], "0", 1) < 0) return fail(job, CEXEC_STEP_GROUP);
  return 0;
}

static int enter(struct job *job) {
  if (job->entry->target < 0 || job->entry->namespaces == 0) return 0;
  return syscall(SYS_setns, job->entry->target, job->entry->namespaces) < 0 ? fail(job, CEXEC_STEP_NAMESPACES) : 0;
}

/// Puts a descriptor at 3, after the sources of the streams are no longer needed.
static int set_extra(int extra) {
  if (extra <= 0) return 0;
  // dup3 onto itself fails (EINVAL).
  if (extra == 3) return (int)syscall(SYS_fcntl, 3, F_SETFD, 0);
  return (int)syscall(SYS_dup3, extra, 3, 0);
}

static int set_streams(struct job *job) {
  const struct cexec_spawn_request *request = job->request;
  int input = request->input >= 0 ? request->input : request->terminal ? job->terminal : job->null;
  int output = request->terminal ? job->terminal : request->output;
  int error = request->terminal ? job->terminal : request->error;
  if (request->terminal && syscall(SYS_ioctl, job->terminal, TIOCSCTTY, 0) < 0) return -1;
  if (syscall(SYS_dup3, input, 0, 0) < 0 || syscall(SYS_dup3, output, 1, 0) < 0) return -1;
  if (syscall(SYS_dup3, error, 2, 0) < 0) return -1;
  if (set_extra(request->extra) < 0) return -1;
  // Descriptors that the caller inherited, or that a library opened without close-on-exec, must not be passed to the
  // command.
  syscall(SYS_close_range, request->extra > 0 ? 4 : 3, ~0u, 0);
  return 0;
}

/// Removes every capability from the bounding set, so that executing a file as user 0 grants none (capabilities(7)).
static int empty_bounding_set(void) {
  for (unsigned long capability = 0; capability < 64; capability++) {
    long held = syscall(SYS_prctl, PR_CAPBSET_READ, capability, 0, 0, 0);
    // The kernel has no further capabilities.
    if (held < 0) return 0;
    if (held == 1 && syscall(SYS_prctl, PR_CAPBSET_DROP, capability, 0, 0, 0) < 0) return -1;
  }
  return 0;
}

/// Permanently drops what entering a user namespace granted, and sets the filter last: nothing before it is filtered.
static int confine(const struct cexec_entry *entry) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct none[2] = {{0}};
  if (empty_bounding_set() < 0) return -1;
  if (syscall(SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0) return -1;
  if (syscall(SYS_capset, &header, none) < 0) return -1;
  if (syscall(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) return -1;
  if (!entry->filter) return 0;
  struct sock_fprog program = {
    .len = (unsigned short)entry->filter_length, .filter = (struct sock_filter *)entry->filter};
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0 ? -1 : 0;
}

static void reset_signals(void) {
  // All zeros is SIG_DFL without flags, on every architecture; the kernel's struct is never larger.
  unsigned long none[8] = {0};
  for (int signal = 1; signal < 65; signal++)
    if (!cexec_signal_was_ignored(signal)) syscall(SYS_rt_sigaction, signal, none, 0, 8);
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, none, 0, 8);
}

/// The command's process, up to its exec; it shares the memory of the helper, which waits meanwhile.
static int execute(void *argument) {
  struct job *job = argument;
  const struct cexec_spawn_request *request = job->request;
  syscall(SYS_setsid);
  if (set_streams(job) < 0) return fail(job, CEXEC_STEP_STREAMS);
  reset_signals();
  // Before the directory, which must be entered with the command's rights.
  if (job->entry->confined && confine(job->entry) < 0) return fail(job, CEXEC_STEP_CONFINE);
  if (request->directory && syscall(SYS_chdir, request->directory) < 0) return fail(job, CEXEC_STEP_DIRECTORY);
  syscall(SYS_execve, request->path, request->arguments, request->environment);
  fail(job, CEXEC_STEP_EXECUTE);
  syscall(SYS_exit_group, 127);
  return -1;
}

enum { stack_size = 16384 };

static int help(void *argument) {
  struct job *job = argument;
  if (open_streams(job) == 0 && join(job) == 0 && enter(job) == 0) {
    int flags = CLONE_PARENT | CLONE_VM | CLONE_VFORK | SIGCHLD;
    int pid = clone(execute, job->stack + stack_size, flags, job);
    if (pid < 0) fail(job, CEXEC_STEP_PROCESS);
    else job->report.pid = pid;
  }
  syscall(SYS_exit_group, 0);
  return 0;
}

static void reap(int32_t pid) {
  while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {}
}

/// Creates the helper and waits for it; all signals are blocked, because a handler that ran in it would act for the
/// caller.
static int32_t run_helper(struct job *job) {
  _Alignas(16) char stack[stack_size];
  sigset_t all, old;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &old);
  int helper = clone(help, stack + stack_size, CLONE_VM | CLONE_VFORK | SIGCHLD, job);
  if (helper < 0) fail(job, CEXEC_STEP_PROCESS);
  pthread_sigmask(SIG_SETMASK, &old, NULL);
  return helper;
}

/// Serialised: a second thread would take the temporary undumpable state for the one to restore.
static pthread_mutex_t entering = PTHREAD_MUTEX_INITIALIZER;

static int32_t run_hidden(struct job *job) {
  pthread_mutex_lock(&entering);
  int dumpable = prctl(PR_GET_DUMPABLE);
  if (dumpable == 1) prctl(PR_SET_DUMPABLE, 0);
  int32_t helper = run_helper(job);
  if (dumpable == 1) prctl(PR_SET_DUMPABLE, 1);
  pthread_mutex_unlock(&entering);
  return helper;
}

int cexec_spawn_in(
  const struct cexec_spawn_request *request, const struct cexec_entry *entry, int32_t *pid, int32_t *step) {
  _Alignas(16) char stack[stack_size];
  // A killed helper has reported nothing.
  struct job job = {.request = request, .entry = entry, .stack = stack};
  int32_t helper = run_hidden(&job);
  if (helper > 0) reap(helper);
  if (job.report.error && job.report.pid > 0) reap(job.report.pid);
  if (!job.report.error && job.report.pid <= 0) job.report = (struct report){.step = CEXEC_STEP_PROCESS, .error = ENOMEM};
  *pid = job.report.pid;
  *step = job.report.step;
  return job.report.error;
}

static int open_in(int root, const char *path, int flags) {
  struct open_how how = {.flags = (uint64_t)(flags | O_CLOEXEC), .resolve = RESOLVE_IN_ROOT};
  long file = syscall(SYS_openat2, root, path, &how, sizeof how);
  return file < 0 ? -errno : (int)file;
}

int cexec_look_beneath(int root, const char *path, uint32_t *mode, int32_t *executable) {
  int file = open_in(root, path, O_PATH);
  if (file < 0) return -file;
  struct stat status;
  int error = fstat(file, &status) < 0 ? errno : 0;
  if (!error) {
    *mode = status.st_mode;
    *executable = syscall(SYS_faccessat2, file, "", X_OK, AT_EMPTY_PATH) == 0;
  }
  close(file);
  return error;
}

int cexec_open_beneath(int root, const char *path) { return open_in(root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY); }

int cexec_open_root(const char *path) {
  int root = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
  return root < 0 ? -errno : root;
}
