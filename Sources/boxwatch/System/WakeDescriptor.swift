import CExecShims
import Glibc
import Synchronization

/// A descriptor that any thread can make readable (eventfd(2)), to wake a poll.
final class WakeDescriptor: Sendable {
  /// Readable after ``wake()``.
  let descriptor: Int32

  /// - Throws: ``Failure`` when no descriptor is available.
  init() throws {
    descriptor = cexec_event_open()
    guard descriptor >= 0 else { throw Failure("cannot make a wake-up: \(Failure.words(errno))") }
  }

  deinit { close(descriptor) }

  /// Makes the descriptor readable; may be called repeatedly and from any thread.
  func wake() { cexec_event_set(descriptor) }

  /// Makes it unreadable again.
  func clear() { cexec_event_clear(descriptor) }

  /// Blocks until it is woken, without a limit by default; false on timeout.
  @discardableResult
  func wait(milliseconds: Int32 = -1) -> Bool {
    let due = MonotonicClock.now + UInt64(max(0, milliseconds)) * 1_000_000
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    var (left, count) = (milliseconds, poll(&entry, 1, milliseconds))
    // A signal that this thread forwarded does not end the wait.
    while count < 0, errno == EINTR {
      if milliseconds >= 0 { left = Int32((due - min(due, MonotonicClock.now)) / 1_000_000) }
      count = poll(&entry, 1, left)
    }
    clear()
    return count == 1
  }
}

/// Descriptors reserved for an orderly termination: a process that has run out of descriptors can
/// still end what it started.
enum DescriptorReserve {
  private static let size = 4
  private static let kept = Mutex<[Int32]>([])

  /// Reserves the descriptors that are available.
  static func hold() {
    kept.withLock { kept in
      while kept.count < size {
        let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        kept.append(descriptor)
      }
    }
  }

  /// Releases them for the code that ends the commands.
  static func release() {
    kept.withLock { kept in
      for descriptor in kept { close(descriptor) }
      kept = []
    }
  }
}
