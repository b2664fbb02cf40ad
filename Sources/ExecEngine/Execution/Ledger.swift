import DequeModule
import ExecModel
import Glibc
import Journal
import SystemPackage

/// The state of one execution under its lock: the decider, what was published, the readers and the waiters.
///
/// Every change that publishes happens in a ``Turn``, which `Execution.locked` begins and ends. `finish`, `reportHealth`
/// and `noteHolders` publish nothing, and take the lock without a turn.
struct Ledger {
  private(set) var decider: Decider
  let journal: JournalWriter
  let limit: JournalLimit
  /// What happens to the command when its record cannot be written.
  let policy: RecordFailurePolicy

  /// Number of published records.
  private(set) var published: UInt64 = 0
  /// Published bytes of each stream.
  private(set) var lengths = PerStream<UInt64>()
  /// Newlines in the published bytes.
  private(set) var lines = PerStream<UInt64>()
  /// Evicted bytes of each stream.
  private(set) var evicted = PerStream<UInt64>()
  /// Where the execution stands; done when the terminal event is published, never before.
  private var fold: StandingFold
  /// The times of the last published output and of the start of draining.
  private(set) var lastOutput: UInt64 = 0
  var drainBegan: UInt64 = 0
  /// Why the execution is being force-closed; nil while it is not.
  private(set) var force: StreamCut?
  /// The time since which an end is wanted.
  private(set) var endWanted: UInt64?
  /// The time of the last interrupt.
  private var interrupted: UInt64?
  /// Why streams were given up.
  private var cuts: PerStream<StreamCut?> = [:]
  /// The first process found to hold each stream when its drain time was up.
  var holders: PerStream<Int32?> = [:]
  private(set) var health = RecordHealth.recording
  /// Health changes that were not yet reported to `watchHealth`.
  var healthChanges = HealthChanges()
  /// Streams in which bytes are missing or may be missing.
  private(set) var unproven: StreamSet = []
  /// Number of inputs that came after the end or were impossible.
  var dropped: UInt64 = 0

  /// The process, once the box has returned it.
  var process: (any BoxProcess)?
  /// Whether the command continues when boxwatch detaches.
  var outlives = false
  /// Its slot in the table of commands that a crash of boxwatch leaves running and must name.
  var crashName: Int32?
  /// Why the box could not start the command, in one line.
  var startError: String?
  /// The process ID on the host.
  var processIdentifier: Int32?
  /// Actions decided before the box returned the process.
  var deferred: [ExecutionAction] = []

  /// Events that the journal has refused so far, in order; no later event overtakes them.
  private var outbox: Deque<(event: ExecutionEvent, time: UInt64)> = []
  /// Streams whose pumps stopped, with the error number (0: a reader must catch up first).
  private(set) var stalls: PerStream<Int32?> = [:]
  /// Whether pumps wait for a reader that needs every byte.
  private(set) var waitsForReader = false
  /// Whether a retry timer is scheduled; one serves all waiting pumps.
  var isRetryPending = false

  private var waiters = Waiters()
  private var readers = Readers()
  /// The critical section that is under way.
  var turn = Turn()

  init(_ decider: Decider, _ spec: ExecutionSpec, _ journal: JournalWriter) {
    self.decider = decider
    self.journal = journal
    limit = spec.keep
    policy = spec.onRecordFailure
    fold = StandingFold(drain: spec.drain)
  }
}

// MARK: - Deciding

extension Ledger {
  /// The decider's state.
  var state: ExecutionState { decider.state }
  /// Where the execution stands, as its events tell.
  var standing: Standing { fold.standing }
  /// The content of the terminal event; nil until it is published.
  var conclusion: Conclusion? { fold.standing.conclusion }
  /// Whether the terminal event is published.
  var isOver: Bool { fold.standing.isDone }

  /// Applies an input, and publishes its event and what follows from it in the same critical section.
  mutating func apply(_ input: ExecutionInput, as event: ExecutionEvent) {
    do throws(ImpossibleInput) {
      turn.action = try decider.apply(input)
    } catch {
      dropped += 1
      turn.rejected = error
      return
    }
    guard turn.action != .drop else {
      dropped += 1
      return
    }
    publish(event)
    settle()
  }

  /// Gives a stream up for this reason, unless it has ended.
  mutating func cut(_ stream: ExecStream, _ input: ExecutionInput, because cut: StreamCut) {
    if state.open.contains(stream) { cuts[stream] = cut }
    apply(input, as: .streamEmptied(stream, cut))
  }

  /// Ends the execution with all its open streams given up for this reason.
  mutating func cutAll(_ input: ExecutionInput, as event: ExecutionEvent, because cut: StreamCut) {
    for stream in state.open.streams { cuts[stream] = cut }
    apply(input, as: event)
  }

  /// Force-closes the execution for this reason; a stalled record is then not waited for.
  mutating func forceClose(because reason: StreamCut) {
    force = force ?? reason
    turn.resume = turn.resume.union(stalledStreams)
    apply(.forceClosed, as: .forceClosed)
  }

  /// Whether a stored chunk may be published; otherwise it is counted as dropped.
  mutating func accepts(_ stream: ExecStream) -> Bool {
    if (try? decider.apply(.output(stream))) == .append { return true }
    dropped += 1
    return false
  }

  /// Carries out the part of the decider's action that concerns the ledger.
  private mutating func settle() {
    switch turn.action {
    case .publishTerminal(let outcome):
      // A deleted journal accepts every write and keeps none.
      if journal.isDeleted { giveUp(ENOENT) }
      publish(.exit(conclusion(outcome)))
    case .startDrainTimer: drainBegan = turn.time
    case .terminate, .kill, .emptyStreams:
      // The box may report the exit before `start` has returned the process.
      if process == nil { deferred.append(turn.action) }
    case .none, .append, .drop: break
    }
  }
}

// MARK: - Publishing

extension Ledger {
  /// Publishes an event after all pending ones, and wakes sleeping readers.
  mutating func publish(_ event: ExecutionEvent) {
    // The terminal event counts when it is recorded, everything else when it is decided.
    if case .exit = event {} else { fold.apply(event) }
    outbox.append((event, turn.time))
    flush()
  }

  /// Publishes the pending events, as far as the journal accepts them.
  mutating func flush() {
    let before = published
    while let next = outbox.first {
      if let error = write(next.event, at: next.time) {
        if givesUp(after: error) { continue }
        break
      }
      outbox.removeFirst()
      note(next.event, at: next.time)
    }
    recover()
    // After the end only waits are pending; their waiters were answered, and a closed record accepts no more.
    if isOver { outbox.removeAll() }
    if !outbox.isEmpty { retryLater() }
    if published != before { wakeReaders() }
  }

  private mutating func write(_ event: ExecutionEvent, at time: UInt64) -> Errno? {
    let error = journal.publish(event, at: time)
    if error == nil { published += 1 }
    return error
  }

  private mutating func note(_ event: ExecutionEvent, at time: UInt64) {
    guard case .exit(let conclusion) = event else { return }
    fold.apply(event)
    turn.hasEnded = true
    // In the same critical section as the terminal event: a waiter that registers later finds the conclusion.
    for waiter in waiters.takeAll() {
      outbox.append((.wait(waiter: waiter.number), time))
      turn.answers.append((waiter.answer, conclusion))
    }
  }

  /// The content of the terminal event.
  func conclusion(_ outcome: Outcome) -> Conclusion {
    Conclusion(
      outcome: outcome, bytes: lengths, evicted: evicted, unproven: unproven,
      cuts: cuts.limited(to: outcome.truncated), recordLoss: health.loss)
  }

  /// Publishes stored bytes; must run inside the lock.
  ///
  /// With output racing a drain deadline, 200,000 trials put the terminal event before an output three times when this
  /// ran outside the lock, and never inside.
  mutating func publishOutput(_ stream: ExecStream, _ stored: StoreResult) {
    let start = lengths[stream]
    lengths[stream] = start + UInt64(stored.taken)
    lines[stream] += stored.newlines
    lastOutput = turn.time
    let event = ExecutionEvent.output(
      stream, range: start..<lengths[stream], lines: lines[stream], endsLine: stored.endsLine)
    if outbox.isEmpty, write(event, at: turn.time) == nil { wakeReaders() } else { publish(event) }
  }

  /// Notes that bytes of a stream are missing or may be missing; dropped after the stream's end.
  mutating func note(_ gap: OutputGap, in stream: ExecStream) {
    guard state.open.contains(stream) else {
      dropped += 1
      return
    }
    unproven.insert(StreamSet(stream))
    publish(.gap(stream, at: lengths[stream], gap))
  }

  /// Whether a pump must stop before storing anything, because the journal or a reader is behind.
  var holdsBack: Bool { waitsForReader || !outbox.isEmpty }

  /// Notes that a stream's pump stopped; published once for each stop.
  mutating func stall(_ stream: ExecStream, errno: Int32) {
    if errno != 0 { retryLater() }
    guard stalls[stream] != errno else { return }
    stalls[stream] = errno
    publish(.stalled(stream, errno: errno))
  }

  /// Requests one retry; without the flag, two full streams would double the number of timers at each retry.
  mutating func retryLater() {
    guard !isRetryPending else { return }
    isRetryPending = true
    turn.mustRetry = true
  }

  var stalledStreams: StreamSet { stalls.streams { $0 != nil } }

  /// Notes that a stopped stream's bytes are accepted again.
  mutating func resume(_ stream: ExecStream) {
    guard stalls[stream] != nil else { return }
    stalls[stream] = nil
    publish(.resumed(stream))
  }
}

// MARK: - When the record fails

extension Ledger {
  /// Handles a refused write; returns true when the disk was given up, so that the same write succeeds in memory.
  mutating func givesUp(after error: Errno) -> Bool {
    // A refusal by memory lifts when readers advance.
    if health.loss != nil { return false }
    let number = error.rawValue
    if health.isHopeless(number, policy, isForced: force != nil, endWanted: endWanted, at: turn.time) {
      giveUp(number)
      return true
    }
    if case .stalled(number, _) = health { return false }
    var since = turn.time
    if case .stalled(_, let began) = health { since = began }
    change(.stalled(errno: number, since: since))
    return false
  }

  /// Gives the disk up: pending and later events are published in memory, and the pumps resume.
  mutating func giveUp(_ number: Int32) {
    guard health.loss == nil else { return }
    let loss = RecordLoss(errno: number, offsets: journal.giveUp(), isAccepted: policy == .goOn)
    change(.lost(loss))
    // A pending terminal event must carry the loss.
    for index in outbox.indices {
      guard case .exit(var conclusion) = outbox[index].event else { continue }
      conclusion.recordLoss = loss
      outbox[index].event = .exit(conclusion)
    }
    outbox.insert((.recordLost(loss), outbox.first?.time ?? turn.time), at: 0)
    turn.resume = turn.resume.union(stalledStreams)
    guard policy == .stop else { return }
    // The process may not have been returned yet, if the first write already failed.
    if process == nil { deferred.append(.terminate) } else { turn.endsCommand = true }
  }

  /// Notes that an end is wanted, which bounds the wait for a stalled record.
  mutating func wantEnd() { endWanted = endWanted ?? turn.time }

  /// Notes an interrupt, which may concern only what the command is doing now.
  ///
  /// It asks for the end if the command has exited, or if it is the second interrupt since the record stalled.
  mutating func interrupt() {
    defer { interrupted = turn.time }
    switch state {
    case .created, .running:
      guard case .stalled(_, let since) = health, let interrupted, interrupted >= since else { return }
    case .draining, .emptying, .terminal: break
    }
    wantEnd()
  }

  private mutating func change(_ next: RecordHealth) {
    health = next
    healthChanges.add(next)
    turn.changesHealth = true
  }

  private mutating func recover() {
    guard case .stalled = health, outbox.isEmpty, stalls.values.allSatisfy({ $0 ?? 0 == 0 }) else { return }
    change(.recording)
  }
}

// MARK: - Readers and waiters

extension Ledger {
  /// Adds a reader and returns its number.
  mutating func addReader(needsEveryByte: Bool) -> UInt64 { readers.add(needsEveryByte: needsEveryByte) }

  /// Removes a reader; eviction no longer waits for it.
  mutating func removeReader(_ number: UInt64) {
    disarm(number)
    if readers.remove(number) { evictIfNeeded() }
  }

  /// Moves a reader's cursor: everything below `cursor` was consumed.
  mutating func advance(_ number: UInt64, to cursor: UInt64) {
    if readers.advance(number, to: cursor), waitsForReader { evictIfNeeded() }
  }

  /// Registers a wake-up in the critical section that found nothing to read; returns false when there is something to
  /// read or the execution is over.
  mutating func arm(_ number: UInt64, at position: UInt64, _ wake: @escaping @Sendable () -> Void) -> Bool {
    guard published <= position, !isOver, readers.contains(number) else { return false }
    readers.arm(number, wake)
    return true
  }

  /// Wakes one reader without an event, for example when its task is cancelled.
  mutating func disarm(_ number: UInt64) {
    if let wake = readers.disarm(number) { turn.wakes.append(wake) }
  }

  /// Whether a reader that needs every byte has not read all.
  var isBehind: Bool { readers.slowest.map { $0 < published } ?? false }

  private mutating func wakeReaders() { readers.wakeAll(&turn.wakes) }

  /// Registers a waiter, or returns the conclusion if the end is published already.
  mutating func wait(_ answer: @escaping @Sendable (Conclusion) -> Void) -> Conclusion? {
    if !isOver { waiters.add(answer) }
    return conclusion
  }
}

// MARK: - Eviction

extension Ledger {
  /// Bytes of output that may be kept, on disk or in memory; nil for no limit.
  private var outputLimit: UInt64? {
    guard health.loss != nil else {
      if case .bytes(let limit) = limit { return limit }
      return nil
    }
    return journal.memoryLimit
  }

  /// Evicts down to the limit as far as readers allow, and stops or resumes the pumps.
  mutating func evictIfNeeded() {
    // After the end only waits are published.
    guard let limit = outputLimit, !state.isTerminal else { return }
    guard waitsForReader || journal.exceeds(limit) else { return }
    let slowest = readers.slowest
    if let plan = journal.planEviction(limit: limit, retainingFrom: slowest) {
      turn.eviction = plan
      for stream in ExecStream.allCases { evicted[stream] += plan.bytes[stream] }
      for event in plan.events { publish(event) }
    }
    let isAboveLimit = journal.exceeds(limit)
    if waitsForReader, !isAboveLimit { turn.resume = .both }
    waitsForReader = isAboveLimit && slowest != nil
    // A plan covers a bounded number of records. A reader that has caught up does not call again, so a timer must.
    if waitsForReader, let slowest, slowest >= published { retryLater() }
  }
}
