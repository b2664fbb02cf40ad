import CExecShims
import Glibc

/// A descriptor that any thread can make readable (eventfd(2)), to wake a poll.
final class WakeDescriptor: Sendable {
  /// Readable after ``wake()``.
  let descriptor: Int32

  /// - Throws: ``Failure`` when the kernel has no descriptor left.
  init() throws {
    descriptor = cexec_event_open()
    guard descriptor >= 0 else { throw Failure("cannot make a wake-up: \(String(cString: strerror(errno)))") }
  }

  deinit { close(descriptor) }

  /// Makes the descriptor readable; may be called from any thread, and often.
  func wake() { cexec_event_set(descriptor) }

  /// Makes it unreadable again.
  func clear() { cexec_event_clear(descriptor) }

  /// Sleeps until somebody wakes it, for ever without a limit; false when that took too long.
  @discardableResult
  func wait(milliseconds: Int32 = -1) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let isAwake = poll(&entry, 1, milliseconds) == 1
    clear()
    return isAwake
  }
}
