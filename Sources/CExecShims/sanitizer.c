// Makes Swift's Mutex visible to the thread sanitizer; not part of any other build.
//
// On Linux a contended Synchronization.Mutex is handed over by the standard library, which is not instrumented, and by
// the kernel (FUTEX_UNLOCK_PI, futex(2)): the sanitizer sees no order between the two owners, and reports every value
// that a contended Mutex guards. Eight threads that append to a Mutex of an array are reported too. With the linker
// options
//   --wrap='$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF'
//   --wrap='$s15Synchronization12_MutexHandleV11_unlockSlowyyF'
// the slow paths are routed through these functions, which inform the sanitizer. Without those options this file does
// nothing.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)

#include <stdint.h>

void __tsan_acquire(void *address);
void __tsan_release(void *address);

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *self
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

SWIFT __attribute__((weak)) void cexec_real_lock(uint32_t thread, SELF) __asm__("__real_" LOCK);
SWIFT __attribute__((weak)) void cexec_real_unlock(SELF) __asm__("__real_" UNLOCK);
SWIFT void cexec_wrapped_lock(uint32_t thread, SELF) __asm__("__wrap_" LOCK);
SWIFT void cexec_wrapped_unlock(SELF) __asm__("__wrap_" UNLOCK);

SWIFT void cexec_wrapped_lock(uint32_t thread, SELF) {
  cexec_real_lock(thread, self);
  __tsan_acquire(self);
}

SWIFT void cexec_wrapped_unlock(SELF) {
  // Before the hand-over: afterwards the next owner may already be running.
  __tsan_release(self);
  cexec_real_unlock(self);
}

#endif
#endif
