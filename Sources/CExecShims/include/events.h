#ifndef CEXECSHIMS_EVENTS_H
#define CEXECSHIMS_EVENTS_H

// Headers of the C library that Swift's Glibc module leaves out; their functions are called from Swift.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>

#endif
