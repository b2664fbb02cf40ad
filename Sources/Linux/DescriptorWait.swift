import Glibc

/// Waits for descriptors with poll(2), always with a limit.
package enum DescriptorWait {
  /// Blocks until one of the descriptors is readable, or one of the others reports an exceptional condition (`POLLPRI`);
  /// false after so many milliseconds.
  package static func any(readable: [Int32] = [], exceptional: [Int32] = [], within milliseconds: Int32) -> Bool {
    var entries =
      readable.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      + exceptional.map { pollfd(fd: $0, events: Int16(POLLPRI), revents: 0) }
    let due = due(in: milliseconds)
    while true {
      let count = poll(&entries, nfds_t(entries.count), left(until: due))
      // A signal that this thread handled does not end the wait.
      if count >= 0 || errno != EINTR { return count > 0 }
    }
  }

  /// Blocks until all of the descriptors are readable; false after so many milliseconds.
  package static func all(readable: [Int32], within milliseconds: Int32) -> Bool {
    let due = due(in: milliseconds)
    return readable.allSatisfy { any(readable: [$0], within: left(until: due)) }
  }

  private static func due(in milliseconds: Int32) -> UInt64 {
    MonotonicClock.now + UInt64(max(0, milliseconds)) * 1_000_000
  }

  /// In milliseconds, rounded up: a wait must not end before it is due.
  private static func left(until due: UInt64) -> Int32 {
    Int32((due - min(due, MonotonicClock.now) + 999_999) / 1_000_000)
  }
}
