#ifndef CEXECSHIMS_THREADS_H
#define CEXECSHIMS_THREADS_H

#include <stdint.h>

/// Starts a detached thread that calls `body` with `argument`; 0 or an error number (pthread_create(3)).
///
/// From its start it blocks every signal except faults and ending signals: a blocked fault ends the process at once
/// (sigprocmask(2)), without a message and without restoring the terminal. It has an alternate signal stack, so that an
/// overflow of its `stack` bytes is handled too.
int cexec_thread_start(uint64_t stack, void (*body)(void *argument), void *argument);

/// How many of `count` threads could be started together now; all of them are joined again.
int32_t cexec_threads_possible(int32_t count);

#endif
