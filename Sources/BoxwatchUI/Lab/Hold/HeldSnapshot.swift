public import ExecModel
public import RaceLab

/// Everything that the lab shows of a real command whose reports are held by hand.
public struct HeldSnapshot: Hashable, Sendable {
  /// The command's words.
  public let command: [String]
  /// The process's number; nil before it is known.
  public var processIdentifier: Int32?
  /// What it was last seen to do.
  public var activity = HeldActivity.running
  /// Standard output.
  public var stdout: HeldPipe
  /// Standard error.
  public var stderr: HeldPipe
  /// The exit.
  public var exit: HeldExit
  /// The dispatchers over it, the one that the right half shows last.
  public var sides: [HeldSide]
  /// What really happened, in order; the oldest are dropped.
  public var moments: [HeldMoment] = []
  /// Whether everything was passed on, so that nothing more will happen.
  public var isComplete = false

  /// A command that has just been started.
  public init(_ command: [String], holding gates: Set<HeldGate>, kinds: [DispatcherKind]) {
    self.command = command
    stdout = HeldPipe(isHeld: gates.contains(.stdout))
    stderr = HeldPipe(isHeld: gates.contains(.stderr))
    exit = HeldExit(isHeld: gates.contains(.exit))
    sides = kinds.map(HeldSide.init)
  }

  /// One of the two streams.
  public subscript(stream: ExecStream) -> HeldPipe {
    get {
      switch stream {
      case .stdout: stdout
      case .stderr: stderr
      }
    }
    set {
      switch stream {
      case .stdout: stdout = newValue
      case .stderr: stderr = newValue
      }
    }
  }

  /// Whether a gate is closed.
  public func isHeld(_ gate: HeldGate) -> Bool {
    guard let stream = gate.stream else { return exit.isHeld }
    return self[stream].isHeld
  }

  /// Whether what a gate could hold has been passed on already.
  public func isSpent(_ gate: HeldGate) -> Bool {
    guard let stream = gate.stream else { return exit.isTold }
    return self[stream].isOver
  }

  /// The side of a dispatcher; nil when it is none of those that can be shown.
  public func side(_ kind: DispatcherKind) -> HeldSide? { sides.first { $0.kind == kind } }

  /// The dispatchers that can stand over a held command: those that read nothing themselves.
  public static let kinds: [DispatcherKind] = [
    .exitFirst, .exitGated, .lateRegistration, .fixedTimer, .endOfStreamOnly, .drainOrdered,
  ]
}
