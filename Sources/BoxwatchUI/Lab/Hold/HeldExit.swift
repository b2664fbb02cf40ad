public import ExecModel

/// The exit of the held command: its gate, and what waits behind it.
public struct HeldExit: Hashable, Sendable {
  /// Whether its report is held back.
  public var isHeld: Bool
  /// How the process ended; nil while it runs.
  public var status: ExitStatus?
  /// Whether the dispatchers were told.
  public var isTold = false

  /// The exit of a process that runs.
  public init(isHeld: Bool) { self.isHeld = isHeld }
}
