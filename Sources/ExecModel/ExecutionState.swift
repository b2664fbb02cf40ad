/// Where an execution stands.
public enum ExecutionState: Hashable, Sendable {
  /// Why a running process is being ended by us.
  public enum Ending: Hashable, Sendable {
    /// Nobody is ending it.
    case none
    /// Its time limit was up.
    case timeLimit
    /// It was force-closed.
    case forced
  }

  /// Not started yet. Leaves on `spawned` to running, on `spawnFailed`, `forceClosed`, `connectionLost` and
  /// `detached` to terminal.
  case created
  /// The process runs; `open` are the streams that have not ended, `cut` those that could not be read to their end.
  ///
  /// `endOfStream` and `streamFailed` narrow `open`; `timeLimitElapsed` and `forceClosed` set `ending`; `exited` leaves
  /// to draining, or to terminal when nothing is open; `connectionLost` and `detached` leave to terminal.
  case running(open: StreamSet, cut: StreamSet, ending: Ending)
  /// The process ended, and something may still write to the `open` streams.
  ///
  /// The last `endOfStream` or `streamFailed` leaves to terminal, truncated by `cut`; `drainDeadlineElapsed` or
  /// `forceClosed` to emptying; `connectionLost` and `detached` to terminal.
  case draining(status: ExitStatus, open: StreamSet, cut: StreamSet)
  /// The streams are being given up: what the kernel holds of `open` is read, `cut` are closed already.
  ///
  /// `endOfStream`, `streamEmptied` and `streamFailed` narrow `open`; the last one leaves to terminal, truncated by
  /// `cut`.
  case emptying(status: ExitStatus, open: StreamSet, cut: StreamSet)
  /// Over. Leaves on nothing; every late input is answered with drop.
  case terminal(Outcome)

  /// The streams whose end has not come; none before the start and after the end.
  public var open: StreamSet {
    switch self {
    case .running(let open, _, _), .draining(_, let open, _), .emptying(_, let open, _): open
    case .created, .terminal: []
    }
  }

  /// Whether the state is final.
  public var isTerminal: Bool {
    switch self {
    case .terminal: true
    case .created, .running, .draining, .emptying: false
    }
  }
}
