import Glibc

/// Waits for descriptors with poll(2), for so many milliseconds; a negative number is no limit, as in poll(2).
///
/// The caller keeps the owners of the descriptors alive until the wait is over.
package enum DescriptorWait {
  /// Blocks until one of the descriptors is readable, or one of the others reports an exceptional condition (`POLLPRI`);
  /// false after so many milliseconds, and at once when a descriptor is not open.
  package static func any(readable: [Int32] = [], exceptional: [Int32] = [], within milliseconds: Int32) -> Bool {
    var entries =
      readable.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      + exceptional.map { pollfd(fd: $0, events: Int16(POLLPRI), revents: 0) }
    let due = due(in: milliseconds)
    while true {
      let count = poll(&entries, nfds_t(entries.count), left(until: due))
      // A signal that this thread handled does not end the wait.
      if count < 0, errno == EINTR { continue }
      // POLLNVAL and POLLERR alone say that nothing can be read.
      return count > 0 && entries.contains { $0.revents & Int16(POLLIN | POLLPRI | POLLHUP) != 0 }
    }
  }

  /// Blocks until all of the descriptors are readable; false after so many milliseconds.
  package static func all(readable: [Int32], within milliseconds: Int32) -> Bool {
    let due = due(in: milliseconds)
    return readable.allSatisfy { any(readable: [$0], within: left(until: due)) }
  }

  private static func due(in milliseconds: Int32) -> UInt64? {
    milliseconds < 0 ? nil : MonotonicClock.now + UInt64(milliseconds) * 1_000_000
  }

  /// In milliseconds, rounded up: a wait must not end before it is due.
  private static func left(until due: UInt64?) -> Int32 {
    guard let due else { return -1 }
    return Int32((due - min(due, MonotonicClock.now) + 999_999) / 1_000_000)
  }
}
