import Linux

/// Lets one thread sleep until another signals; signals that come before count.
public final class WakeUp: Sendable {
  /// Nil when no descriptor was left; every wait then fails.
  private let descriptor = try? WakeDescriptor()

  /// Nothing signalled yet.
  public init() {}

  /// Wakes the sleeper.
  public func signal() { descriptor?.wake() }

  /// Sleeps until a signal; false when none came within `seconds`.
  @discardableResult
  public func wait(seconds: Int32 = 60) -> Bool { descriptor?.wait(milliseconds: seconds * 1000) ?? false }
}
