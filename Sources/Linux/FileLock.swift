import Glibc
package import SystemPackage

/// Advisory locks of whole files (flock(2)).
///
/// A lock belongs to the open file description: it ends when the last descriptor of it is closed, also by the death of
/// the process. No call here waits without a limit, because a process that is stopped or frozen keeps its locks.
package enum FileLock {
  /// Who may have the lock at the same time.
  package enum Kind {
    /// Any number of holders, but no exclusive one.
    case shared
    /// One holder.
    case exclusive

    fileprivate var operation: Int32 { self == .shared ? LOCK_SH : LOCK_EX }
  }

  /// The pause between two tries, in milliseconds; flock(2) has no timeout.
  private static let pause: Int32 = 1

  /// Takes the lock or converts the one held, without waiting; `EWOULDBLOCK` when another description has it.
  package static func take(_ kind: Kind, of file: Int32) -> Errno? { apply(kind.operation | LOCK_NB, to: file) }

  /// Takes the exclusive lock, and waits for it at most so many milliseconds; `EBUSY` after that.
  package static func takeExclusive(of file: Int32, within milliseconds: Int32) -> Errno? {
    let deadline = MonotonicClock.now + UInt64(max(0, milliseconds)) * 1_000_000
    while let error = take(.exclusive, of: file) {
      guard error == .wouldBlock else { return error }
      if MonotonicClock.now >= deadline { return .resourceBusy }
      poll(nil, 0, pause)
    }
    return nil
  }

  /// Releases the lock; without one it does nothing.
  package static func release(_ file: Int32) { _ = apply(LOCK_UN, to: file) }

  private static func apply(_ operation: Int32, to file: Int32) -> Errno? {
    while flock(file, operation) != 0 {
      guard errno == EINTR else { return Errno(rawValue: errno) }
    }
    return nil
  }
}
