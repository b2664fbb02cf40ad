import CExecShims
import Glibc
package import SystemPackage

/// A descriptor that any thread can make readable (eventfd(2)), to wake a thread that waits for it.
package final class WakeDescriptor: Sendable {
  private let descriptor: Descriptor

  /// Makes one that is not readable.
  ///
  /// - Throws: `EMFILE`, `ENFILE` or `ENOMEM` when none is available.
  package init() throws(Errno) {
    descriptor = Descriptor(raw: eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK)))
    guard descriptor.raw >= 0 else { throw Errno(rawValue: errno) }
  }

  /// Its number, for poll(2) and epoll(7); readable after ``wake()``.
  package var raw: Int32 { descriptor.raw }

  /// Makes the descriptor readable; may be called repeatedly and from any thread.
  package func wake() { eventfd_write(descriptor.raw, 1) }

  /// Makes it unreadable again.
  package func clear() {
    var count: eventfd_t = 0
    eventfd_read(descriptor.raw, &count)
  }

  /// Blocks until it is woken, and clears it; false after so many milliseconds, without a limit by default.
  @discardableResult
  package func wait(milliseconds: Int32 = -1) -> Bool {
    let isWoken = isReadable(within: milliseconds)
    clear()
    return isWoken
  }

  /// Blocks until it is readable, and leaves it so; false after so many milliseconds.
  package func isReadable(within milliseconds: Int32) -> Bool {
    DescriptorWait.any(readable: [descriptor.raw], within: milliseconds)
  }
}
