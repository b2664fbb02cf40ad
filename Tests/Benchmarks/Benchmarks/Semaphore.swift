import Linux

/// Lets one thread wait for another.
final class Semaphore: Sendable {
  /// Nil when no descriptor was left; every wait then fails.
  private let descriptor = try? WakeDescriptor()

  /// Wakes the waiter.
  func signal() { descriptor?.wake() }

  /// Sleeps until it is signalled; false when that took longer than `milliseconds` (−1: for ever).
  @discardableResult
  func wait(milliseconds: Int32 = -1) -> Bool { descriptor?.wait(milliseconds: milliseconds) ?? false }
}
