import CExecShims
public import ExecModel
import Glibc
import Journal
import Logging
import Synchronization

/// What is left to do once the execution's lock is given back.
///
/// Publication happens inside the lock; continuations, timers and system calls on processes only here.
struct Aftermath {
  /// An answer for one waiter.
  typealias Answer = (answer: @Sendable (Conclusion) -> Void, conclusion: Conclusion)

  /// What the machine asked for.
  var action = ExecutionAction.none
  /// Readers that slept and have something to read now.
  var wakes: [@Sendable () -> Void] = []
  /// Waiters whose `wait` was published.
  var answers: [Answer] = []
  /// Bytes to evict.
  var eviction: EvictionPlan?
  /// Streams whose pumps may go on.
  var resume: StreamSet = []
  /// Whether there is news of the record to be told.
  var hasNews = false
  /// Whether the command is asked to end, since its record is lost.
  var endsCommand = false
  /// Whether something could not be written and must be tried again.
  var mustRetry = false
  /// Whether the terminal event was published just now.
  var hasEnded = false
}

/// Whether an execution's record takes what happens.
///
/// *Recording* becomes *stalled* when a write is refused that can succeed later, and recording again when it does.
/// Either becomes *lost*, for good, when waiting is of no use or not wanted: what follows is kept in memory, for the
/// subscribers of this process.
public enum RecordHealth: Hashable, Sendable {
  /// Everything is recorded.
  case recording
  /// Nothing is taken now, by error number; the command waits, since `since` (nanoseconds after its creation).
  case stalled(errno: Int32, since: UInt64)
  /// The disk is given up.
  case lost(RecordLoss)

  /// From where on the record is lost.
  public var loss: RecordLoss? {
    if case .lost(let loss) = self { loss } else { nil }
  }
}

extension RecordHealth {
  /// How long a stall may keep an end that is wanted.
  static let patience = Duration.seconds(1).nanoseconds

  /// Whether a refused write is a reason to give the disk up.
  ///
  /// - Parameter endWanted: since when an end is wanted; nil for none.
  func isHopeless(
    _ number: Int32, _ policy: RecordFailurePolicy, isForced: Bool, endWanted: UInt64?, at time: UInt64
  ) -> Bool {
    if policy != .wait || isForced || !SystemErrorText.canLift(number) { return true }
    guard let endWanted else { return false }
    guard case .stalled(_, let since) = self else { return false }
    return time >= max(since, endWanted) &+ Self.patience
  }
}

/// The only owner of one execution's end: the only caller of its machine, and the only writer of its journal.
///
/// Pumps and the reaper report; none of them can announce the end. Every report is applied and published under one
/// lock, and only continuations, timers and system calls happen after it.
final class Execution: ExecutionSink {
  let identity: JournalIdentity
  let spec: ExecutionSpec
  let journal: JournalWriter
  let timers: any EngineTimers
  let created: UInt64
  let logger: Logger
  private let ledger: Mutex<Ledger>
  /// Told how the record stands, whenever that changes, in order; outside the lock.
  let watchHealth: @Sendable (RecordHealth) -> Void
  private let lostRecords: LostRecords

  /// How long after a refused write the journal is tried again.
  static let retryDelay = Duration.milliseconds(100)

  init(
    identity: JournalIdentity, spec: ExecutionSpec, journal: JournalWriter, timers: any EngineTimers, logger: Logger,
    lostRecords: LostRecords, watchHealth: @escaping @Sendable (RecordHealth) -> Void
  ) {
    self.watchHealth = watchHealth
    self.lostRecords = lostRecords
    self.identity = identity
    self.spec = spec
    self.journal = journal
    self.timers = timers
    self.logger = logger
    created = timers.now()
    ledger = Mutex(
      Ledger(
        machine: ExecutionMachine(streams: spec.streams, policy: spec.drain), journal: journal, limit: spec.keep,
        policy: spec.onRecordFailure))
  }

  /// Nanoseconds since the execution was created.
  var elapsed: UInt64 { timers.now() - created }

  /// Decides inside the lock, acts outside.
  @discardableResult
  func locked<Result>(_ body: (inout Ledger, UInt64, inout Aftermath) -> sending Result) -> sending Result {
    var after = Aftermath()
    // The time is taken inside too, so that it never goes back from one record to the next.
    let result = ledger.withLock { body(&$0, elapsed, &after) }
    perform(after)
    return result
  }

  /// Applies an input and publishes its event in the same critical section.
  func report(_ input: ExecutionInput, as event: ExecutionEvent) {
    locked { ledger, time, after in self.apply(input, as: event, &ledger, time, &after) }
  }

  func apply(
    _ input: ExecutionInput, as event: ExecutionEvent, _ ledger: inout Ledger, _ time: UInt64, _ after: inout Aftermath
  ) {
    do throws(ImpossibleInput) {
      after.action = try ledger.machine.apply(input)
    } catch {
      ledger.dropped += 1
      logger.error("impossible input", metadata: ["execution": "\(identity.id)", "input": "\(error)"])
      return
    }
    guard after.action != .drop else {
      ledger.dropped += 1
      return
    }
    ledger.publish(event, at: time, &after)
    settle(&ledger, time, &after)
  }

  /// Turns the machine's answer into what the ledger must hold for it.
  private func settle(_ ledger: inout Ledger, _ time: UInt64, _ after: inout Aftermath) {
    switch after.action {
    case .publishTerminal(let outcome):
      // A journal that was deleted takes every write, and has none of them.
      if journal.isDeleted { ledger.giveUp(ENOENT, at: time, &after) }
      ledger.publish(.exit(ledger.conclusion(outcome)), at: time, &after)
    case .startDrainTimer: ledger.drainBegan = time
    case .terminate, .kill, .emptyStreams:
      // The box may report the exit before `start` has given us the process.
      if ledger.process == nil { ledger.deferred.append(after.action) }
    case .none, .append, .drop: break
    }
  }
}

// MARK: - Acting

extension Execution {
  private func perform(_ after: Aftermath) {
    if let plan = after.eviction { journal.evict(plan) }
    if after.hasNews { tellNews() }
    for wake in after.wakes { wake() }
    // Before the answers: who was answered may count descriptors.
    if after.hasEnded {
      finish()
      if ledger.withLock({ $0.health.loss != nil }) { lostRecords.add(self) }
    }
    for answer in after.answers { answer.answer(answer.conclusion) }
    perform(after.action)
    if after.endsCommand { terminate() }
    if !after.resume.isEmpty { resumePumps(after.resume) }
    if after.mustRetry { timers.schedule(after: Self.retryDelay) { [weak self] in self?.retry() } }
    #if DEBUG
      if after.hasEnded, ledger.withLock({ $0.health.loss == nil }) { JournalOracle.check(journal.directory) }
    #endif
  }

  /// Tells each state of the record: outside the lock, and yet not in another order.
  private func tellNews() {
    var next = ledger.withLock { $0.takeNews(isFirst: true) }
    while let health = next {
      watchHealth(health)
      next = ledger.withLock { $0.takeNews(isFirst: false) }
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

  /// The running command, when the box has given it and it is not over.
  var process: (any BoxProcess)? { ledger.withLock { $0.process } }

  /// Asks the command to end, and kills it when its grace is over.
  func terminate() {
    try? process?.signal(.terminate)
    timers.schedule(after: spec.killGrace) { [weak self] in
      guard let self, self.ledger.withLock({ Self.isRunning($0.machine.state) }) else { return }
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

  /// Tries again what the journal refused, then lets the stopped pumps try.
  private func retry() {
    locked { ledger, time, after in
      ledger.isRetryPending = false
      ledger.flush(at: time, &after)
      if ledger.waitsForReader { ledger.evictIfNeeded(at: time, &after) }
      if !ledger.holdsBack { after.resume = ledger.stalledStreams }
    }
  }

  /// Gives back the process and the journal's descriptors, outside the lock; more than once does nothing.
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

// MARK: - When others need the room

/// The executions of an engine that are over, and whose record went on in memory: the newest few keep all that they have,
/// and their descriptors; of the others little is left.
final class LostRecords: Sendable {
  private static let kept = 8

  private struct Weak {
    weak var execution: Execution?
  }

  private let executions = Mutex<[Weak]>([])

  /// Takes one that is over, and shrinks older ones, but for those that a reader who must have every byte still reads.
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
  /// Leaves of a record in memory only its newest part; false when one still reads who must have all.
  fileprivate func shrinkRecord() -> Bool {
    guard ledger.withLock({ !$0.isBehind }) else { return false }
    journal.shrink()
    return true
  }
}

// MARK: - Draining

extension Execution {
  /// Who holds streams whose drain time is up; not asked where that is no news: it takes a look through /proc.
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

  /// A chunk that came meanwhile starts the grace again; a deadline for a state that is gone does nothing.
  private func drainTimerFired() {
    guard case .untilIdle(let grace, let limit) = spec.drain else { return }
    let again: Duration? = locked { ledger, time, after in
      guard case .draining = ledger.machine.state else { return nil }
      let idleAt = max(ledger.lastOutput, ledger.drainBegan) &+ grace.nanoseconds
      let due = min(idleAt, ledger.drainBegan &+ limit.nanoseconds)
      if time < due { return .nanoseconds(due - time) }
      self.apply(.drainDeadlineElapsed, as: .drainDeadlineElapsed, &ledger, time, &after)
      return nil
    }
    if let again { armDrainTimer(after: again) }
  }
}
