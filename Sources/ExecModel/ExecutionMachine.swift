/// The state of an execution.
public enum ExecutionState: Hashable, Sendable {
  /// Why boxwatch is ending a running process.
  public enum Ending: Hashable, Sendable {
    /// It is not being ended.
    case none
    /// Its time limit elapsed.
    case timeLimit
    /// It was force-closed.
    case forced
  }

  /// Not started yet. `spawned` leads to running; `spawnFailed`, `forceClosed`, `connectionLost` and `detached` lead to
  /// terminal.
  case created
  /// The process runs; `open` are the streams that have not ended, `cut` those whose reading failed before the end.
  ///
  /// `endOfStream` and `streamFailed` remove from `open`; `timeLimitElapsed` and `forceClosed` set `ending`; `exited`
  /// leads to draining, to emptying (force-closed, or policy `empty`), or to terminal when no stream is open;
  /// `connectionLost` and `detached` lead to terminal.
  case running(open: StreamSet, cut: StreamSet, ending: Ending)
  /// The process exited, and other processes may still write to the `open` streams.
  ///
  /// The last `endOfStream` or `streamFailed` leads to terminal, truncated by `cut`; `drainDeadlineElapsed` and
  /// `forceClosed` lead to emptying; `connectionLost` and `detached` lead to terminal.
  case draining(status: ExitStatus, open: StreamSet, cut: StreamSet)
  /// The streams are being given up: the bytes that the kernel holds of `open` are read; `cut` are closed already.
  ///
  /// `endOfStream`, `streamEmptied` and `streamFailed` remove from `open`; the last one leads to terminal, truncated by
  /// `cut`.
  case emptying(status: ExitStatus, open: StreamSet, cut: StreamSet)
  /// Over. Every late input returns `drop`.
  case terminal(Outcome)

  /// The streams that have not ended; empty before the start and after the terminal event.
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
  /// The command started.
  case spawned
  /// The command could not be started.
  case spawnFailed(StartFailure)
  /// A chunk of a stream arrived.
  case output(ExecStream)
  /// End of stream was read.
  case endOfStream(ExecStream)
  /// The process ended: `.exited` or `.signalled` as reaped, or `.unknown` when its status could not be read.
  case exited(ExitStatus)
  /// The time limit elapsed while the process was running.
  case timeLimitElapsed
  /// The drain policy's time elapsed.
  case drainDeadlineElapsed
  /// A stream that was to be emptied holds no more bytes and was closed before its end.
  case streamEmptied(ExecStream)
  /// Reading a stream failed before its end; the process continues.
  case streamFailed(ExecStream)
  /// The connection to the box was lost; no further reports follow.
  case connectionLost
  /// boxwatch detached from the command, which continues.
  case detached
  /// A person or program force-closed the execution; while draining this releases the held streams.
  case forceClosed
}

/// What the owner of an execution must do after an input; at most one thing.
public enum ExecutionAction: Hashable, Sendable {
  /// Do nothing; the state may have changed.
  case none
  /// Append the chunk to the output.
  case append
  /// Ignore the input, which is late or repeated, and count it.
  case drop
  /// Send TERM to the process group, and KILL when the grace period is over.
  case terminate
  /// Send KILL to the process group at once.
  case kill
  /// Start the drain policy's timer.
  case startDrainTimer
  /// Read what the kernel holds of these streams, then close them and report each.
  case emptyStreams(StreamSet)
  /// Publish the terminal event, then answer the waiters.
  case publishTerminal(Outcome)
}

/// An input that cannot happen in the current state; it indicates a defect in the box that reported it.
///
/// It is an error and not a trap, because a box behind a socket can send any sequence of reports.
public struct ImpossibleInput: Error, Hashable, Sendable {
  /// The state, unchanged by the input.
  public let state: ExecutionState
  /// The rejected input.
  public let input: ExecutionInput

  /// Makes an error from the state and the input.
  public init(state: ExecutionState, input: ExecutionInput) {
    self.state = state
    self.input = input
  }
}

/// Decides when an execution is over, for the owner that applies each input and carries out the actions.
///
/// ``ExecutionMachine`` is the rule that boxwatch runs with. The race lab has rules that end too early, to show what
/// they lose.
public protocol ExecutionDecider: Sendable {
  /// The current state; terminal from the moment at which `publishTerminal` was returned.
  var state: ExecutionState { get }
  /// Applies one input and returns what to do about it.
  ///
  /// - Throws: ``ImpossibleInput`` when the input cannot happen in this state; the state is unchanged.
  mutating func apply(_ input: ExecutionInput) throws(ImpossibleInput) -> ExecutionAction
}

/// Decides when an execution is over: a value without clock, lock, task or descriptor.
///
/// The owner applies each input and publishes its effect under one lock.
public struct ExecutionMachine: ExecutionDecider, Hashable {
  /// The current state.
  public private(set) var state: ExecutionState = .created
  /// The streams the execution has.
  public let streams: StreamSet
  /// When draining ends.
  public let policy: DrainPolicy

  /// Makes a machine for an execution that has not started.
  public init(streams: StreamSet, policy: DrainPolicy) {
    self.streams = streams
    self.policy = policy
  }

  /// Applies one input and returns what to do about it.
  ///
  /// - Throws: ``ImpossibleInput`` when the input cannot happen in this state; the state is unchanged.
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
