import CExecShims
import Glibc

/// Lets one thread wait for another.
final class Semaphore: Sendable {
  private let descriptor = cexec_event_open()

  deinit { close(descriptor) }

  /// Wakes the waiter.
  func signal() { cexec_event_set(descriptor) }

  /// Sleeps until somebody signals; false when that took longer than `milliseconds` (−1: for ever).
  @discardableResult
  func wait(milliseconds: Int32 = -1) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let isAwake = poll(&entry, 1, milliseconds) == 1
    cexec_event_clear(descriptor)
    return isAwake
  }
}
