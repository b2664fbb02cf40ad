import Linux

/// Something that one thread opens and others wait for; opening is for good.
public final class Gate: Sendable {
  /// Nil when no descriptor was left; every wait then fails.
  private let wake = try? WakeDescriptor()

  /// A closed gate.
  public init() {}

  /// Lets everybody pass, now and later.
  public func open() { wake?.wake() }

  /// Waits until the gate is open; false when that takes longer than `seconds`.
  @discardableResult
  public func wait(seconds: Int32 = 60) -> Bool { wake?.isReadable(within: seconds * 1000) ?? false }
}
