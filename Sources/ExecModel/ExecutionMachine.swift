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

/// Something that happened to an execution, reported by its box or by a timer.
public enum ExecutionInput: Hashable, Sendable {
  /// The command runs.
  case spawned
  /// The command could not be started.
  case spawnFailed(StartFailure)
  /// A chunk of a stream arrived.
  case output(ExecStream)
  /// A stream's end was read.
  case endOfStream(ExecStream)
  /// The process ended: `.exited` or `.signalled`, as the reaper saw it, or `.unknown` when it could not look.
  case exited(ExitStatus)
  /// The time limit is up while the process runs.
  case timeLimitElapsed
  /// The drain policy's time is up.
  case drainDeadlineElapsed
  /// A stream that was asked to be emptied holds nothing more now, and is closed without having ended.
  case streamEmptied(ExecStream)
  /// A stream cannot be read any more, though its end was not reached; the process goes on.
  case streamFailed(ExecStream)
  /// The box cannot tell anything more.
  case connectionLost
  /// The command is let go of, and goes on.
  case detached
  /// A person or program closes the execution by force; while draining this releases the held streams.
  case forceClosed
}

/// What the owner of an execution must do after an input, at most one thing.
public enum ExecutionAction: Hashable, Sendable {
  /// Nothing but remember.
  case none
  /// The chunk belongs to the output: append it.
  case append
  /// The input came too late or twice: count it and do nothing.
  case drop
  /// Ask the process group to end (TERM), and kill it when its grace is over.
  case terminate
  /// Kill the process group at once.
  case kill
  /// Start the drain policy's timer.
  case startDrainTimer
  /// Read what the kernel holds of these streams, then close them and report each.
  case emptyStreams(StreamSet)
  /// Everything is known: publish the terminal event, then answer who waits.
  case publishTerminal(Outcome)
}

/// An input that cannot happen in the state it came to; a back end that reports it talks nonsense.
///
/// It is an error and never a trap, since a back end behind a socket can send anything.
public struct ImpossibleInput: Error, Hashable, Sendable {
  /// The state the input came to, which it left as it was.
  public let state: ExecutionState
  /// The input that made no sense.
  public let input: ExecutionInput

  /// Names the state and the input.
  public init(state: ExecutionState, input: ExecutionInput) {
    self.state = state
    self.input = input
  }
}

/// The one decision about an execution's end: a value, without clock, lock, task or descriptor.
///
/// Inputs are things that happened, the answer is what to do. The owner of the machine applies inputs and publishes
/// their effect under one lock.
public struct ExecutionMachine: Hashable, Sendable {
  /// Where the execution stands.
  public private(set) var state: ExecutionState = .created
  /// The streams the execution has.
  public let streams: StreamSet
  /// When draining is over.
  public let policy: DrainPolicy

  /// A machine for an execution that has not started.
  public init(streams: StreamSet, policy: DrainPolicy) {
    self.streams = streams
    self.policy = policy
  }

  /// Takes one input and says what to do about it.
  ///
  /// - Throws: ``ImpossibleInput`` when the input cannot happen here; the state is unchanged then.
  public mutating func apply(_ input: ExecutionInput) throws(ImpossibleInput) -> ExecutionAction {
    switch state {
    case .created: try applyCreated(input)
    case .running(let open, let cut, let ending): try applyRunning(input, open: open, cut: cut, ending: ending)
    case .draining(let status, let open, let cut): try applyDraining(input, status: status, open: open, cut: cut)
    case .emptying(let status, let open, let cut): try applyEmptying(input, status: status, open: open, cut: cut)
    case .terminal: .drop
    }
  }

  private func impossible(_ input: ExecutionInput) -> ImpossibleInput {
    ImpossibleInput(state: state, input: input)
  }

  private mutating func end(_ status: ExitStatus, truncated: StreamSet = []) -> ExecutionAction {
    let outcome = Outcome(status: status, truncated: truncated)
    state = .terminal(outcome)
    return .publishTerminal(outcome)
  }

  private mutating func applyCreated(_ input: ExecutionInput) throws(ImpossibleInput) -> ExecutionAction {
    switch input {
    case .spawned:
      state = .running(open: streams, cut: [], ending: .none)
      return .none
    case .spawnFailed(let failure): return end(.startFailed(failure))
    case .forceClosed: return end(.forceClosed)
    case .connectionLost: return end(.lost)
    case .detached: return end(.detached)
    case .output, .endOfStream, .exited, .timeLimitElapsed, .drainDeadlineElapsed, .streamEmptied, .streamFailed:
      throw impossible(input)
    }
  }

  private mutating func applyRunning(
    _ input: ExecutionInput, open: StreamSet, cut: StreamSet, ending: ExecutionState.Ending
  ) throws(ImpossibleInput) -> ExecutionAction {
    switch input {
    case .output(let stream) where open.contains(stream): return .append
    case .endOfStream(let stream) where open.contains(stream):
      state = .running(open: open.removing(stream), cut: cut, ending: ending)
      return .none
    case .streamFailed(let stream) where open.contains(stream):
      state = .running(open: open.removing(stream), cut: cut.inserting(stream), ending: ending)
      return .none
    case .exited(let status):
      return exit(Self.status(status, ending), open: open, cut: cut, forced: ending == .forced)
    case .timeLimitElapsed:
      guard ending == .none else { return .drop }
      state = .running(open: open, cut: cut, ending: .timeLimit)
      return .terminate
    case .forceClosed:
      guard ending != .forced else { return .drop }
      state = .running(open: open, cut: cut, ending: .forced)
      return .kill
    case .connectionLost: return end(.lost, truncated: open.union(cut))
    case .detached: return end(.detached, truncated: open.union(cut))
    case .spawned, .spawnFailed, .output, .endOfStream, .drainDeadlineElapsed, .streamEmptied, .streamFailed:
      throw impossible(input)
    }
  }

  private static func status(_ reaped: ExitStatus, _ ending: ExecutionState.Ending) -> ExitStatus {
    switch ending {
    case .none: reaped
    case .timeLimit: .timedOut
    case .forced: .forceClosed
    }
  }

  private mutating func exit(
    _ status: ExitStatus, open: StreamSet, cut: StreamSet, forced: Bool
  ) -> ExecutionAction {
    if open.isEmpty { return end(status, truncated: cut) }
    if forced || policy == .untilEmpty { return empty(status, open, cut) }
    state = .draining(status: status, open: open, cut: cut)
    return policy == .untilEndOfStream ? .none : .startDrainTimer
  }

  private mutating func empty(_ status: ExitStatus, _ open: StreamSet, _ cut: StreamSet) -> ExecutionAction {
    state = .emptying(status: status, open: open, cut: cut)
    return .emptyStreams(open)
  }

  private mutating func applyDraining(
    _ input: ExecutionInput, status: ExitStatus, open: StreamSet, cut: StreamSet
  ) throws(ImpossibleInput) -> ExecutionAction {
    switch input {
    case .output(let stream) where open.contains(stream): return .append
    case .endOfStream(let stream) where open.contains(stream):
      return drain(status, open: open.removing(stream), cut: cut)
    case .streamFailed(let stream) where open.contains(stream):
      return drain(status, open: open.removing(stream), cut: cut.inserting(stream))
    case .drainDeadlineElapsed, .forceClosed: return empty(status, open, cut)
    case .timeLimitElapsed: return .drop
    case .connectionLost, .detached: return end(status, truncated: open.union(cut))
    case .spawned, .spawnFailed, .output, .endOfStream, .exited, .streamEmptied, .streamFailed: throw impossible(input)
    }
  }

  private mutating func drain(_ status: ExitStatus, open: StreamSet, cut: StreamSet) -> ExecutionAction {
    if open.isEmpty { return end(status, truncated: cut) }
    state = .draining(status: status, open: open, cut: cut)
    return .none
  }

  private mutating func applyEmptying(
    _ input: ExecutionInput, status: ExitStatus, open: StreamSet, cut: StreamSet
  ) throws(ImpossibleInput) -> ExecutionAction {
    switch input {
    case .output(let stream) where open.contains(stream): return .append
    case .endOfStream(let stream) where open.contains(stream):
      return narrow(status, open: open.removing(stream), cut: cut)
    case .streamEmptied(let stream) where open.contains(stream), .streamFailed(let stream) where open.contains(stream):
      return narrow(status, open: open.removing(stream), cut: cut.inserting(stream))
    case .drainDeadlineElapsed, .forceClosed, .timeLimitElapsed: return .drop
    case .connectionLost, .detached: return end(status, truncated: open.union(cut))
    case .spawned, .spawnFailed, .output, .endOfStream, .exited, .streamEmptied, .streamFailed: throw impossible(input)
    }
  }

  private mutating func narrow(_ status: ExitStatus, open: StreamSet, cut: StreamSet) -> ExecutionAction {
    if open.isEmpty { return end(status, truncated: cut) }
    state = .emptying(status: status, open: open, cut: cut)
    return .none
  }
}
