import ExecModel
import RaceLab

/// Lets one of the lab's dispatchers decide about the end of an execution of the engine.
///
/// It translates: the engine's inputs into happenings, the dispatcher's answers into the engine's actions. What the
/// dispatcher announces is kept by the ``LiveExecution``, whose consumer reads it.
struct LiveDecider: ExecutionDecider {
  private(set) var state = ExecutionState.created
  private let streams: StreamSet
  private let execution: LiveExecution

  init(_ streams: StreamSet, _ execution: LiveExecution) {
    self.streams = streams
    self.execution = execution
  }

  mutating func apply(_ input: ExecutionInput) throws(ImpossibleInput) -> ExecutionAction {
    guard !state.isTerminal else { return .drop }
    switch input {
    case .spawned:
      state = .running(open: streams, cut: [], ending: .none)
      // A waiter is registered from the start.
      return take(.waits(waiter: 0))
    case .spawnFailed(let failure): return end(.startFailed(failure))
    case .output(let stream): return execution.tellChunk(of: stream) ? .append : .drop
    case .endOfStream(let stream):
      close(stream)
      return take(.endOfStream(stream))
    case .streamEmptied(let stream), .streamFailed(let stream):
      close(stream)
      return take(.emptied(stream))
    case .exited(let status):
      state = .draining(status: status, open: state.open, cut: [])
      return take(.exited(status))
    case .drainDeadlineElapsed: return take(.deadline)
    case .timeLimitElapsed: return .drop
    // The race gives the execution up: its outcome is known by then.
    case .forceClosed: return end(.forceClosed, truncated: state.open)
    case .connectionLost: return end(.lost, truncated: state.open)
    case .detached: return end(.detached, truncated: state.open)
    }
  }

  private mutating func close(_ stream: ExecStream) {
    let open = state.open.removing(stream)
    switch state {
    case .running(_, let cut, let ending): state = .running(open: open, cut: cut, ending: ending)
    case .draining(let status, _, let cut): state = .draining(status: status, open: open, cut: cut)
    case .emptying(let status, _, let cut): state = .emptying(status: status, open: open, cut: cut)
    case .created, .terminal: break
    }
  }

  private mutating func take(_ happening: Happening) -> ExecutionAction {
    let answer = execution.tell(happening)
    for announcement in answer.announcements {
      // A dispatcher without a status has not received the exit.
      if case .exit(let status, let truncated) = announcement { return end(status ?? .lost, truncated: truncated) }
    }
    if !answer.emptying.isEmpty, case .draining(let status, let open, let cut) = state {
      state = .emptying(status: status, open: open, cut: cut)
      return .emptyStreams(answer.emptying)
    }
    return answer.startsTimer ? .startDrainTimer : .none
  }

  private mutating func end(_ status: ExitStatus, truncated: StreamSet = []) -> ExecutionAction {
    let outcome = Outcome(status: status, truncated: truncated)
    state = .terminal(outcome)
    return .publishTerminal(outcome)
  }
}
