#ifndef BENCHMARK_BASELINE_H
#define BENCHMARK_BASELINE_H

#include <stdint.h>

/// What a bare C program reaches here: reads `command`'s output through pipes of 1 MiB, 256 KiB at a time, and appends
/// it to `path`. Nanoseconds from before the spawn to the reaped end; 0 on failure.
uint64_t baseline_capture(char *const *command, const char *path);

/// Runs `command` `count` times, `parallel` at a time, both streams read to their end from one epoll set, reaped through a
/// pidfd. Nanoseconds for all; 0 on failure. With `ends`, stores for each run the nanoseconds from the time that the
/// command wrote as its last output to the moment when both ends were seen and it was reaped.
uint64_t baseline_spawn(char *const *command, int count, int parallel, uint64_t *ends);

/// Binds a thread to one core, or to all when `core` is negative (sched_setaffinity(2)).
void baseline_pin(int thread, int core);

#endif
