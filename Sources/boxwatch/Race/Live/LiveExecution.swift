import ExecEngine
import ExecModel
import Glibc
import Journal
import RaceLab
import Synchronization

/// One execution of a live race: takes the box's reports as the engine's execution does, and lets
/// one of the lab's dispatchers decide instead of the engine.
///
/// Chunks are stored, then everything else happens under one lock: the record, the dispatcher, the
/// consumer. With a delay, a stream's reports reach the dispatcher later, in the order of that
/// stream; the exit reaches it at once.
final class LiveExecution: ExecutionSink {
  /// The dispatcher in use.
  let kind: DispatcherKind
  /// The creation time, on the timers' clock.
  let created: UInt64

  private let plan: LivePlan
  private let journal: JournalWriter
  private let timers = TimerThread.shared
  private let onSettled: @Sendable (LiveExecution) -> Void
  private let state: Mutex<State>

  private struct State {
    var ledger: LiveLedger
    /// The generator of random delays.
    var generator: SplitMix64
    /// Each stream's delayed reports, and the time of the last.
    var hops: [ExecStream: [Happening]] = [:]
    var due = StreamCounts()
    var process: (any BoxProcess)?
    /// Requested before the box returned the process.
    var deferred: StreamSet = []
    var hasFinished = false
  }

  /// Prepares an execution; `onSettled` is called once, on any thread, when its outcome is known.
  init(
    _ kind: DispatcherKind, _ plan: LivePlan, index: Int, _ journal: JournalWriter,
    onSettled: @escaping @Sendable (LiveExecution) -> Void
  ) {
    self.kind = kind
    self.plan = plan
    self.journal = journal
    self.onSettled = onSettled
    created = TimerThread.shared.now()
    state = Mutex(
      State(
        ledger: LiveLedger(kind.make(drain: plan.drain)),
        generator: SplitMix64(seed: plan.seed &+ UInt64(index) &* 0x9E37_79B9_7F4A_7C15)))
  }

  /// Starts the command.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` when it never ran.
  func start(in box: any Box) throws(BoxError) {
    let process = try box.start(plan.spec, reportingTo: self)
    let deferred = state.withLock { state in
      state.process = process
      defer { state.deferred = [] }
      return state.deferred
    }
    if !deferred.isEmpty { process.emptyStreams(deferred) }
  }
}

// MARK: - The box's reports

extension LiveExecution {
  func started(processIdentifier: Int32?) {
    locked { state, time in
      self.record(.started(processIdentifier: processIdentifier), time, &state)
      // A waiter is registered from the start.
      return self.tell(.waits(waiter: 0), time, &state)
    }
  }

  func output(_ stream: ExecStream, _ bytes: borrowing RawSpan) -> Int {
    let count = bytes.byteCount
    let stored = journal.store(stream, bytes)
    locked { state, time in
      if let error = stored.error { state.ledger.fail("cannot record the output of a command: \(error)") }
      let start = state.ledger.written[stream]
      let number = state.ledger.note(stream, count: count, newlines: stored.newlines, at: time)
      let range = start..<start &+ UInt64(count)
      self.record(.output(stream, range: range, lines: state.ledger.lines[stream]), time, &state)
      return self.bring(.output(stream, chunk: number), of: stream, time, &state)
    }
    return count
  }

  func endOfStream(_ stream: ExecStream) {
    locked { state, time in
      self.record(.endOfStream(stream), time, &state)
      state.ledger.close(stream, isCut: false)
      return self.bring(.endOfStream(stream), of: stream, time, &state)
    }
  }

  func emptied(_ stream: ExecStream) {
    locked { state, time in
      self.record(.streamEmptied(stream), time, &state)
      state.ledger.close(stream, isCut: true)
      return self.bring(.emptied(stream), of: stream, time, &state)
    }
  }

  func failed(_ stream: ExecStream, errno: Int32) {
    locked { state, _ in
      state.ledger.fail("\(stream.name) of a command could not be read: \(SystemErrorText.words(errno))")
      return LiveLedger.Wishes()
    }
  }

  func exited(_ status: ExitStatus) {
    locked { state, time in
      self.record(.exited(status), time, &state)
      state.ledger.note(status, at: time)
      return self.tell(.exited(status), time, &state)
    }
  }

  /// A command on this host has none.
  func gap(_ stream: ExecStream, _ gap: OutputGap) {}

  func connectionLost() {
    locked { state, time in
      self.record(.connectionLost, time, &state)
      state.ledger.fail("a command could not be watched to its end")
      return LiveLedger.Wishes()
    }
  }
}

// MARK: - Deciding

extension LiveExecution {
  /// Decides inside the lock, acts outside.
  private func locked(_ body: (inout State, UInt64) -> LiveLedger.Wishes) {
    let (wishes, process) = state.withLock { state in
      // The time is taken inside the lock too, so that it never decreases from one record to the
      // next.
      var wishes = body(&state, timers.now())
      // Before checking whether all is over: a requested timer is still pending.
      if wishes.startsTimer { state.ledger.expect() }
      wishes.isSettled = state.ledger.settles()
      if state.process == nil { state.deferred.formUnion(wishes.emptying) }
      return (wishes, state.process)
    }
    if !wishes.emptying.isEmpty { process?.emptyStreams(wishes.emptying) }
    if wishes.startsTimer { armTimer(after: firstWait) }
    if wishes.isSettled { onSettled(self) }
  }

  /// Passes a report to the dispatcher now, or after the delay.
  private func bring(
    _ happening: Happening, of stream: ExecStream, _ time: UInt64, _ state: inout State
  ) -> LiveLedger.Wishes {
    guard plan.delay != .none else { return tell(happening, time, &state) }
    let due = max(time &+ plan.delay.draw(&state.generator), state.due[stream])
    state.due[stream] = due
    state.hops[stream, default: []].append(happening)
    state.ledger.expect()
    timers.schedule(after: .nanoseconds(due - time)) { [self] in locked { self.arrive(stream, $1, &$0) } }
    return LiveLedger.Wishes()
  }

  /// Passes on the oldest report of a stream, whichever timer fired: two timers due at once must
  /// not swap reports.
  private func arrive(_ stream: ExecStream, _ time: UInt64, _ state: inout State) -> LiveLedger.Wishes {
    guard let happening = state.hops[stream]?.first else { return LiveLedger.Wishes() }
    state.hops[stream]?.removeFirst()
    state.ledger.arrive()
    return tell(happening, time, &state)
  }

  private func tell(_ happening: Happening, _ time: UInt64, _ state: inout State) -> LiveLedger.Wishes {
    let (announcements, wishes) = state.ledger.tell(happening, at: time)
    for announcement in announcements {
      switch announcement {
      case .output: break
      case .wait(let waiter, _): record(.wait(waiter: UInt64(waiter)), time, &state)
      case .exit(let status, let truncated):
        let read = StreamCounts(stdout: state.ledger.read(.stdout), stderr: state.ledger.read(.stderr))
        let outcome = Outcome(status: status ?? .lost, truncated: truncated)
        record(.exit(Conclusion(outcome: outcome, bytes: read)), time, &state)
      }
    }
    return wishes
  }

  private func record(_ event: ExecutionEvent, _ time: UInt64, _ state: inout State) {
    // After the end was taken, late reports of a killed holder have no record.
    guard !state.hasFinished, let error = journal.publish(event, at: time - created) else { return }
    state.ledger.fail("cannot record an execution: \(error)")
  }
}

// MARK: - Timers

extension LiveExecution {
  private var firstWait: Duration {
    guard kind == .drainOrdered, case .untilIdle(let grace, _) = plan.drain else { return plan.timer }
    return grace
  }

  private func armTimer(after delay: Duration) {
    timers.schedule(after: delay) { [self] in
      var again: Duration?
      locked { state, time in
        again = self.quietLeft(time, state.ledger)
        guard again == nil else { return LiveLedger.Wishes() }
        state.ledger.arrive()
        return self.tell(.deadline, time, &state)
      }
      if let again { armTimer(after: again) }
    }
  }

  /// The remaining time of a policy that waits for quiet, computed as in the engine; nil when the
  /// time is up.
  private func quietLeft(_ time: UInt64, _ ledger: LiveLedger) -> Duration? {
    guard kind == .drainOrdered, case .untilIdle(let grace, let limit) = plan.drain, let reaped = ledger.reaped,
      ledger.consumer.isReading, !ledger.isOverdue
    else { return nil }
    let idleAt = max(ledger.lastOutput, reaped.time) &+ grace.nanoseconds
    let due = min(idleAt, reaped.time &+ limit.nanoseconds)
    return time < due ? .nanoseconds(due - time) : nil
  }
}

// MARK: - The end

extension LiveExecution {
  /// Ends it at the time limit: the consumer's current view counts, and the rest of the process
  /// group is killed so that the actual output is known soon.
  func expire() {
    let (process, open) = state.withLock { ($0.process, $0.ledger.open) }
    let isHeld = process?.holders(of: open).isEmpty == false
    locked { state, _ in
      state.ledger.expire(isHeld: isHeld)
      return LiveLedger.Wishes()
    }
    killGroup()
  }

  /// Kills the rest of the process group; its number cannot be reused before the release.
  private func killGroup() { try? state.withLock { $0.process }?.signal(.kill) }

  /// Releases everything and returns the outcome.
  ///
  /// - Throws: ``Failure`` when it does not count.
  func finish() throws -> LiveOutcome {
    killGroup()
    let (process, ledger) = state.withLock { state in
      state.hasFinished = true
      defer { state.process = nil }
      return (state.process, state.ledger)
    }
    process?.release()
    journal.close()
    if let problem = ledger.problem { throw Failure(problem) }
    return ledger.outcome
  }
}
