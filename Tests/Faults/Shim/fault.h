// Lets one system call of boxwatch fail, as the kernel might. The tests in this folder preload it (ld.so(8)).
//
// Every call is counted by its kind and by the class of what it works on, in a file that the driver maps too. A plan
// (BOXWATCH_FAULT="KIND CLASS N ERROR MODE") names the one that fails: the N-th, once or from then on, or one that
// does a part of its work. Calls from the program itself, from what is linked into it and from ncurses count;
// those inside libc, the Swift runtime and libdispatch do not (they are the platform's).
#ifndef BOXWATCH_FAULT_H
#define BOXWATCH_FAULT_H

#include <stdbool.h>
#include <stddef.h>

/// A result of `fault_at`: not an error, but half of what was asked for.
enum { FAULT_NONE = 0, FAULT_SHORT = -1 };

/// Counts a call; the error number it must fail with, FAULT_SHORT, or FAULT_NONE.
int fault_at(const char *kind, const char *place);

/// Whether a return address lies in code whose calls count.
bool fault_counts(const void *caller);

/// The class of what a descriptor refers to, such as "data", "events", "pipe", "eventfd".
const char *class_of_descriptor(int descriptor);

/// The class of a file by its path.
const char *class_of_path(const char *path);

#define CALLER __builtin_return_address(0)
/// The fault for a call on a descriptor, on a path, or on nothing; all without side effects on errno.
#define ON_DESCRIPTOR(kind, descriptor) (fault_counts(CALLER) ? fault_at(kind, class_of_descriptor(descriptor)) : 0)
#define ON_PATH(kind, path) (fault_counts(CALLER) ? fault_at(kind, class_of_path(path)) : 0)
#define ON_NOTHING(kind) (fault_counts(CALLER) ? fault_at(kind, "-") : 0)

/// The next definition of the function that is being replaced.
#define REAL(name)                                                   \
  static __typeof__(&name) real;                                     \
  if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

#endif
