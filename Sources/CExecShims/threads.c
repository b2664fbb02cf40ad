#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "threads.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "signals.h"

enum { HANDLER_STACK = 32 * 1024, PROBE_STACK = 64 * 1024 };

struct start {
  void (*body)(void *argument);
  void *argument;
};

static void *run(void *argument) {
  struct start start = *(struct start *)argument;
  free(argument);
  // At the near end of the thread's stack; an overflow happens at the far end.
  char handlers[HANDLER_STACK];
  stack_t before, own = {.ss_sp = handlers, .ss_size = sizeof handlers};
  sigaltstack(NULL, &before);
  if (before.ss_flags & SS_DISABLE) sigaltstack(&own, NULL);
  start.body(start.argument);
  // A sanitizer frees the alternate stack that it finds here, which must be its own.
  sigaltstack(&before, NULL);
  return NULL;
}

static int create(pthread_attr_t *attributes, uint64_t stack, struct start *start) {
  sigset_t mask;
  sigfillset(&mask);
  cexec_unblock_deadly(&mask);
  int error = pthread_attr_setdetachstate(attributes, PTHREAD_CREATE_DETACHED);
  if (!error) error = pthread_attr_setstacksize(attributes, stack + HANDLER_STACK);
  if (!error) error = pthread_attr_setsigmask_np(attributes, &mask);
  pthread_t thread;
  return error ? error : pthread_create(&thread, attributes, run, start);
}

int cexec_thread_start(uint64_t stack, void (*body)(void *argument), void *argument) {
  struct start *start = malloc(sizeof *start);
  if (!start) return ENOMEM;
  *start = (struct start){body, argument};
  pthread_attr_t attributes;
  int error = pthread_attr_init(&attributes);
  if (!error) {
    error = create(&attributes, stack, start);
    pthread_attr_destroy(&attributes);
  }
  if (error) free(start);
  return error;
}

static void *wait_for_the_others(void *gate) {
  pthread_mutex_lock(gate);
  pthread_mutex_unlock(gate);
  return NULL;
}

int32_t cexec_threads_possible(int32_t count) {
  pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
  pthread_t *threads = calloc((size_t)count, sizeof *threads);
  pthread_attr_t attributes;
  if (!threads || pthread_attr_init(&attributes)) {
    free(threads);
    return 0;
  }
  pthread_attr_setstacksize(&attributes, PROBE_STACK);
  sigset_t all;
  sigfillset(&all);
  // They do nothing that could fault, and they handle no signals.
  pthread_attr_setsigmask_np(&attributes, &all);
  int32_t made = 0;
  pthread_mutex_lock(&gate);
  while (made < count && pthread_create(&threads[made], &attributes, wait_for_the_others, &gate) == 0) made++;
  pthread_mutex_unlock(&gate);
  for (int32_t index = 0; index < made; index++) pthread_join(threads[index], NULL);
  pthread_attr_destroy(&attributes);
  free(threads);
  return made;
}
