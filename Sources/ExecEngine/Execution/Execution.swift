import CExecShims
import DequeModule
public import ExecModel
import Glibc
import Journal
import Logging
import Synchronization

/// Whether an execution's record can be written.
///
/// *Recording* becomes *stalled* when a write fails that can succeed later, and *recording* again when it does. Either
/// becomes *lost*, permanently, when waiting is useless or not wanted: later events are kept in memory for the
/// subscribers of this process.
public enum RecordHealth: Hashable, Sendable {
  /// Everything is recorded.
  case recording
  /// Writes fail with this error number; the command waits, since `since` (nanoseconds after its creation).
  case stalled(errno: Int32, since: UInt64)
  /// The disk is given up.
  case lost(RecordLoss)

  /// Where and why recording failed; nil unless lost.
  public var loss: RecordLoss? {
    if case .lost(let loss) = self { loss } else { nil }
  }
}

extension RecordHealth {
  /// The error number of a stalled record; 0 when it is written or lost.
  var faultNumber: Int32 {
    if case .stalled(let number, _) = self { number } else { 0 }
  }

  /// How long a stall may delay an end that is wanted.
  static let patience = Duration.seconds(1).nanoseconds

  /// Whether a refused write is a reason to give the disk up.
  ///
  /// - Parameter endWanted: the time since which an end is wanted; nil for none.
  func isHopeless(
    _ number: Int32, _ policy: RecordFailurePolicy, isForced: Bool, endWanted: UInt64?, at time: UInt64
  ) -> Bool {
    if policy != .wait || isForced || !SystemErrorText.canLift(number) { return true }
    guard let endWanted else { return false }
    guard case .stalled(_, let since) = self else { return false }
    return time >= max(since, endWanted) &+ Self.patience
  }
}

/// Changes of a record's health that were not yet reported, in order; one thread at a time reports them.
struct HealthChanges {
  private var queue: Deque<RecordHealth> = []
  private var isReporting = false

  /// Adds a change.
  mutating func add(_ health: RecordHealth) { queue.append(health) }

  /// The next change to report; nil when there is none or another thread is reporting.
  ///
  /// - Parameter isFirst: whether the calling thread starts to report.
  mutating func next(isFirst: Bool) -> RecordHealth? {
    if isFirst, isReporting { return nil }
    isReporting = !queue.isEmpty
    return queue.popFirst()
  }
}

/// The only owner of one execution's end: the only caller of its decider and the only writer of its journal.
///
/// The decider is a parameter: the drain-ordered machine, or in the race lab a rule that ends too early. Pumps and the
/// reaper report; none of them can publish the end. Every report is applied and published under one lock; only
/// continuations, timers and system calls follow it.
final class Execution: ExecutionSink {
  let identity: JournalIdentity
  let spec: ExecutionSpec
  let journal: JournalWriter
  let timers: any EngineTimers
  let created: UInt64
  let logger: Logger
  private let ledger: Mutex<Ledger>
  /// Called with each change of the record's health, in order, outside the lock.
  let watchHealth: @Sendable (RecordHealth) -> Void
  private let lostRecords: LostRecords

  /// The delay before a refused write is retried.
  static let retryDelay = Duration.milliseconds(100)

  init(
    identity: JournalIdentity, spec: ExecutionSpec, decider: Decider, journal: JournalWriter,
    timers: any EngineTimers, logger: Logger, lostRecords: LostRecords,
    watchHealth: @escaping @Sendable (RecordHealth) -> Void
  ) {
    self.watchHealth = watchHealth
    self.lostRecords = lostRecords
    self.identity = identity
    self.spec = spec
    self.journal = journal
    self.timers = timers
    self.logger = logger
    created = timers.now()
    ledger = Mutex(Ledger(decider, spec, journal))
  }

  /// Nanoseconds since the execution was created.
  var elapsed: UInt64 { timers.now() - created }

  /// Runs `body` in a turn of its own: under the lock, then carries out outside it what the turn leaves to do.
  @discardableResult
  func locked<Result>(_ body: (inout Ledger) -> sending Result) -> sending Result {
    var turn = Turn()
    let result = ledger.withLock { ledger in
      // The time is taken inside the lock, so that it never decreases from one record to the next.
      turn.time = elapsed
      swap(&ledger.turn, &turn)
      defer { swap(&ledger.turn, &turn) }
      return body(&ledger)
    }
    perform(turn)
    return result
  }

  /// Applies an input and publishes its event in the same critical section.
  func report(_ input: ExecutionInput, as event: ExecutionEvent) {
    locked { ledger in ledger.apply(input, as: event) }
  }
}

// MARK: - Acting

extension Execution {
  private func perform(_ turn: Turn) {
    if let rejected = turn.rejected {
      logger.error("impossible input", metadata: ["execution": "\(identity.id)", "input": "\(rejected)"])
    }
    if let plan = turn.eviction { journal.evict(plan) }
    if turn.changesHealth { reportHealth() }
    for wake in turn.wakes { wake() }
    // Before the answers: a waiter may count open descriptors as soon as it is answered.
    if turn.hasEnded {
      finish()
      if ledger.withLock({ $0.health.loss != nil }) { lostRecords.add(self) }
    }
    for answer in turn.answers { answer.answer(answer.conclusion) }
    // Before the streams are given up: they may then end by themselves.
    if turn.killsGroup { try? process?.signal(.kill) }
    perform(turn.action)
    if turn.endsCommand { terminate() }
    if !turn.resume.isEmpty { resumePumps(turn.resume) }
    if turn.mustRetry { timers.schedule(after: Self.retryDelay) { [weak self] in self?.retry() } }
    #if DEBUG
      if turn.hasEnded, ledger.withLock({ $0.health.loss == nil && $0.decider.isDrainOrdered }) {
        JournalOracle.check(journal.directory)
      }
    #endif
  }

  /// Calls `watchHealth` with each queued state, outside the lock and in order.
  private func reportHealth() {
    var next = ledger.withLock { $0.healthChanges.next(isFirst: true) }
    while let health = next {
      watchHealth(health)
      next = ledger.withLock { $0.healthChanges.next(isFirst: false) }
    }
  }

  func perform(_ action: ExecutionAction) {
    switch action {
    case .startDrainTimer: armDrainTimer(after: firstGrace)
    case .terminate: terminate()
    case .kill: try? process?.signal(.kill)
    case .emptyStreams(let streams):
      noteHolders(of: streams)
      process?.emptyStreams(streams)
    case .none, .append, .drop, .publishTerminal: break
    }
  }

  /// The command's process; nil before the box has returned it and after the end.
  var process: (any BoxProcess)? { ledger.withLock { $0.process } }

  /// Sends TERM, and KILL when the grace period is over.
  func terminate() {
    try? process?.signal(.terminate)
    timers.schedule(after: spec.killGrace) { [weak self] in
      guard let self, self.ledger.withLock({ Self.isRunning($0.state) }) else { return }
      try? self.process?.signal(.kill)
    }
  }

  static func isRunning(_ state: ExecutionState) -> Bool {
    switch state {
    case .running: true
    case .created, .draining, .emptying, .terminal: false
    }
  }

  private func resumePumps(_ streams: StreamSet) {
    guard let process else { return }
    for stream in streams.streams { process.resumeReading(stream) }
  }

  /// Retries refused writes, then resumes the stopped pumps.
  private func retry() {
    locked { ledger in
      ledger.isRetryPending = false
      ledger.flush()
      if ledger.waitsForReader { ledger.evictIfNeeded() }
      if !ledger.holdsBack { ledger.turn.resume = ledger.stalledStreams }
    }
  }

  /// Releases the process and the journal's descriptors, outside the lock; calling it again does nothing.
  func finish() {
    let (process, name) = ledger.withLock { ledger in
      defer { (ledger.process, ledger.crashName) = (nil, nil) }
      return (ledger.process, ledger.crashName)
    }
    if let name { cexec_crash_forget_name(name) }
    process?.release()
    journal.close()
  }
}

// MARK: - Memory of lost records

/// The finished executions of an engine whose record continued in memory.
///
/// The newest ones keep all of it and their descriptors; older ones are shrunk.
final class LostRecords: Sendable {
  private static let kept = 8

  private struct Weak {
    weak var execution: Execution?
  }

  private let executions = Mutex<[Weak]>([])

  /// Adds a finished execution and shrinks older ones, except those with an unfinished reader that needs every byte.
  func add(_ execution: Execution) {
    let old = executions.withLock { executions in
      executions.removeAll { $0.execution == nil }
      executions.append(Weak(execution: execution))
      return executions.dropLast(Self.kept).compactMap(\.execution)
    }
    let shrunk = old.filter { $0.shrinkRecord() }
    executions.withLock { executions in
      executions.removeAll { entry in shrunk.contains { $0 === entry.execution } }
    }
  }
}

extension Execution {
  /// Reduces a record in memory to its newest part; false when a reader that needs every byte has not read all of it.
  fileprivate func shrinkRecord() -> Bool {
    guard ledger.withLock({ !$0.isBehind }) else { return false }
    journal.shrink()
    return true
  }
}

// MARK: - Draining

extension Execution {
  /// Notes the holders of streams whose drain time is up; skipped where they are not reported, because it scans /proc.
  private func noteHolders(of streams: StreamSet) {
    guard case .untilIdle = spec.drain, let process, ledger.withLock({ $0.force == nil }) else { return }
    let holders = process.holders(of: streams)
    ledger.withLock { ledger in
      for stream in streams.streams {
        ledger.holders[stream] = holders.first { $0.streams.contains(stream) }?.processIdentifier
      }
    }
  }

  private var firstGrace: Duration {
    switch spec.drain {
    case .untilIdle(let grace, _): grace
    case .untilEndOfStream, .untilEmpty: .zero
    }
  }

  private func armDrainTimer(after delay: Duration) {
    timers.schedule(after: delay) { [weak self] in self?.drainTimerFired() }
  }

  /// Output since the last check restarts the grace period; a timer that fires in a later state does nothing.
  private func drainTimerFired() {
    guard case .untilIdle(let grace, let limit) = spec.drain else { return }
    let again: Duration? = locked { ledger in
      guard case .draining = ledger.state else { return nil }
      let idleAt = max(ledger.lastOutput, ledger.drainBegan) &+ grace.nanoseconds
      let due = min(idleAt, ledger.drainBegan &+ limit.nanoseconds)
      if ledger.turn.time < due { return .nanoseconds(due - ledger.turn.time) }
      ledger.apply(.drainDeadlineElapsed, as: .drainDeadlineElapsed)
      return nil
    }
    if let again { armDrainTimer(after: again) }
  }
}
