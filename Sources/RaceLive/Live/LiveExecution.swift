import Console
import ExecEngine
import ExecModel
import Journal
import Linux
import RaceLab
import Synchronization

/// One execution of a live race: an execution of the engine whose end one of the lab's dispatchers decides.
///
/// Storing, publishing, the lock and the timers are the engine's. Kept here is what really happened, seen between the
/// box and the engine, and what the consumer was told.
final class LiveExecution: Sendable {
  /// The dispatcher in use.
  let kind: DispatcherKind

  private let plan: LivePlan
  private let engine: Engine
  private let timers = TimerThread.shared
  private let onSettled: @Sendable (LiveExecution) -> Void
  private let state: Mutex<State>

  private struct State {
    var ledger: LiveLedger
    /// The generator of random delays.
    var generator: SplitMix64
    /// The process until it is released.
    var process: (any BoxProcess)?
    /// The engine's name for the execution.
    var id: ExecutionID?
  }

  /// Prepares an execution; `onSettled` is called once, on any thread, when its outcome is known.
  init(
    _ kind: DispatcherKind, _ plan: LivePlan, index: Int, in engine: Engine,
    onSettled: @escaping @Sendable (LiveExecution) -> Void
  ) {
    self.kind = kind
    self.plan = plan
    self.engine = engine
    self.onSettled = onSettled
    state = Mutex(
      State(
        ledger: LiveLedger(kind.make(drain: plan.drain)),
        generator: SplitMix64(seed: plan.seed &+ UInt64(index) &* 0x9E37_79B9_7F4A_7C15)))
  }

  /// Starts the command.
  ///
  /// - Returns: why it never ran; nil when it was started.
  /// - Throws: ``/Console/Failure`` when its journal cannot be created.
  func start(in box: any Box) throws -> BoxError? {
    let spec = plan.spec(for: kind)
    let id: ExecutionID
    do {
      id = try engine.start(
        spec, in: LiveBox(box: box, execution: self), decidedBy: LiveDecider(spec.streams, self)
      ) { id in
        state.withLock { $0.id = id }
        // An end by a timer is not preceded by a report of the box.
        try engine.wait(id) { [weak self] _ in self?.settle() }
      }
    } catch { throw Failure("\(error)") }
    let snapshot = try engine.snapshot(id)
    guard case .startFailed(let failure)? = snapshot.conclusion?.outcome.status else { return nil }
    return BoxError(failure, snapshot.startError ?? failure.words)
  }

  /// Keeps the process for its release.
  func keep(_ process: any BoxProcess) { state.withLock { $0.process = process } }

  /// Calls `onSettled` once the outcome is known.
  func settle() {
    if state.withLock({ $0.ledger.settles() }) { onSettled(self) }
  }
}

// MARK: - What really happened

extension LiveExecution {
  /// Notes a chunk that the box read, and returns its number.
  func note(_ stream: ExecStream, count: Int) -> Int { state.withLock { $0.ledger.note(stream, count: count) } }

  /// Notes that the box no longer reads a stream, which the engine does not know yet.
  ///
  /// In one critical section: between the two the outcome would look as if nothing were under way.
  func noteEnd(of stream: ExecStream, isCut: Bool) {
    state.withLock { state in
      state.ledger.close(stream, isCut: isCut)
      state.ledger.expect()
    }
  }

  /// Notes the reaper's report, which the engine does not know yet.
  func note(_ status: ExitStatus) {
    let now = timers.now()
    state.withLock { state in
      state.ledger.note(status, at: now)
      state.ledger.expect()
    }
  }

  /// Notes why the execution does not count.
  func fail(_ reason: String) {
    state.withLock { $0.ledger.fail(reason) }
    settle()
  }

  /// The delay of the next report, in nanoseconds; nil for none.
  func drawDelay() -> UInt64? {
    plan.delay == .none ? nil : state.withLock { plan.delay.draw(&$0.generator) }
  }

  /// Notes that a report is on its way to the engine.
  func expect() { state.withLock { $0.ledger.expect() } }

  /// Notes that a report arrived, which may make the outcome known.
  func arrive() {
    state.withLock { $0.ledger.arrive() }
    settle()
  }

  /// Notes that the engine has taken or dropped a chunk.
  func noteDelivered(_ stream: ExecStream, _ chunk: Int) { state.withLock { $0.ledger.noteDelivered(stream, chunk) } }

  /// Lets the pump of a stream continue.
  func resume(_ stream: ExecStream) { state.withLock { $0.process }?.resumeReading(stream) }
}

// MARK: - What the dispatcher is told

extension LiveExecution {
  /// Tells the dispatcher of the next chunk of a stream; returns whether it was announced to the consumer.
  func tellChunk(of stream: ExecStream) -> Bool {
    let now = timers.now()
    return !state.withLock { $0.ledger.tellChunk(of: stream, at: now) }.announcements.isEmpty
  }

  /// Tells the dispatcher of everything else, and returns its answer.
  func tell(_ happening: Happening) -> Answer {
    let now = timers.now()
    return state.withLock { state in
      if case .deadline = happening { state.ledger.arrive() }
      let answer = state.ledger.tell(happening, at: now)
      if answer.startsTimer { state.ledger.expect() }
      return answer
    }
  }
}

// MARK: - The end

extension LiveExecution {
  /// Ends it at the time limit: the consumer's current view counts, and the rest of the process group is killed so that
  /// the actual output is known soon.
  func expire() {
    let (process, open) = state.withLock { ($0.process, $0.ledger.open) }
    let isHeld = process?.holders(of: open).isEmpty == false
    state.withLock { $0.ledger.expire(isHeld: isHeld) }
    settle()
    killGroup()
  }

  /// Kills the rest of the process group; its number cannot be reused before the release.
  private func killGroup() { try? state.withLock { $0.process }?.signal(.kill) }

  /// Releases everything and returns the outcome.
  ///
  /// - Throws: ``/Console/Failure`` when it does not count.
  func finish() throws -> LiveOutcome {
    killGroup()
    let (process, ledger, id) = state.withLock { state in
      defer { state.process = nil }
      return (state.process, state.ledger, state.id)
    }
    let loss = id.flatMap(end)
    process?.release()
    if let id { try? engine.remove(id) }
    if let loss { throw Failure("cannot record an execution: \(loss.reason)") }
    if let problem = ledger.problem { throw Failure(problem) }
    return ledger.outcome
  }

  /// Ends the engine's execution if its dispatcher has not, and returns the loss of its record.
  private func end(_ id: ExecutionID) -> RecordLoss? {
    if (try? engine.snapshot(id))?.conclusion == nil { try? engine.forceClose(id) }
    return (try? engine.snapshot(id))?.conclusion?.recordLoss
  }
}
