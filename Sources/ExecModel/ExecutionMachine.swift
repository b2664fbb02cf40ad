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
