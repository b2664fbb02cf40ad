#ifndef CEXECSHIMS_THREADS_H
#define CEXECSHIMS_THREADS_H

#include <stdint.h>

/// Starts a detached thread that calls `body` with `argument`; 0 or an error number (pthread_create(3)).
///
/// From its first moment on it blocks every signal but the deadly ones: a fault that is blocked ends the process at once
/// (sigprocmask(2)), without a word and without the terminal. It has a stack of its own for handlers, so that one that
/// runs out of `stack` bytes is handled too.
int cexec_thread_start(uint64_t stack, void (*body)(void *argument), void *argument);

/// How many of `count` threads could be started together right now; none of them is left.
int32_t cexec_threads_possible(int32_t count);

#endif
