import Synchronization

/// Counts down from several threads.
final class Countdown: Sendable {
  private let left: Mutex<Int>

  init(_ count: Int) { left = Mutex(count) }

  /// Whether this was the last one.
  func finishOne() -> Bool {
    left.withLock {
      $0 -= 1
      return $0 == 0
    }
  }
}
