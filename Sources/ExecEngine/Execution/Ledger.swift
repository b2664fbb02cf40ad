import DequeModule
import ExecModel
import Journal
import SystemPackage

/// The state of one execution under its lock: the machine, what was published, the readers and the waiters.
struct Ledger {
  /// The position of one subscription.
  struct Reader {
    /// When the reader needs every byte, nothing from this record on may be evicted.
    var cursor: UInt64
    /// Whether eviction waits for this reader.
    let needsEveryByte: Bool
    /// Called once when there is something to read; nil while the reader is awake.
    var wake: (@Sendable () -> Void)?
  }

  /// A registered `wait`.
  struct Waiter {
    let number: UInt64
    let answer: @Sendable (Conclusion) -> Void
  }

  var machine: ExecutionMachine
  let journal: JournalWriter
  let limit: JournalLimit
  /// What happens to the command when its record cannot be written.
  let policy: RecordFailurePolicy

  /// Number of published records.
  private(set) var published: UInt64 = 0
  /// Published bytes of each stream.
  private(set) var lengths = StreamCounts()
  /// Newlines in the published bytes.
  private(set) var lines = StreamCounts()
  /// Evicted bytes of each stream.
  private(set) var evicted = StreamCounts()
  /// Set when the terminal event is published, never before.
  private(set) var conclusion: Conclusion?
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
  var cuts: [ExecStream: StreamCut] = [:]
  /// The first process found to hold each stream when its drain time was up.
  var holders: [ExecStream: Int32] = [:]
  private(set) var health = RecordHealth.recording
  /// Health changes that were not yet reported to `watchHealth`, in order.
  private var news: Deque<RecordHealth> = []
  /// Whether a thread is reporting them.
  private var isTelling = false
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
  private(set) var stalls: [ExecStream: Int32] = [:]
  /// Whether pumps wait for a reader that needs every byte.
  private(set) var waitsForReader = false
  /// Whether a retry timer is scheduled; one serves all waiting pumps.
  var isRetryPending = false

  private var waiters: [Waiter] = []
  private var nextWaiter: UInt64 = 0
  private var readers: [UInt64: Reader] = [:]
  private var nextReader: UInt64 = 0

  init(machine: ExecutionMachine, journal: JournalWriter, limit: JournalLimit, policy: RecordFailurePolicy) {
    self.machine = machine
    self.journal = journal
    self.limit = limit
    self.policy = policy
  }
}

// MARK: - Publishing

extension Ledger {
  /// Publishes an event after all pending ones, and wakes sleeping readers.
  mutating func publish(_ event: ExecutionEvent, at time: UInt64, _ after: inout Aftermath) {
    outbox.append((event, time))
    flush(at: time, &after)
  }

  /// Publishes the pending events, as far as the journal accepts them.
  mutating func flush(at time: UInt64, _ after: inout Aftermath) {
    let before = published
    while let next = outbox.first {
      if let error = write(next.event, at: next.time) {
        if givesUp(after: error, at: time, &after) { continue }
        break
      }
      outbox.removeFirst()
      note(next.event, at: next.time, &after)
    }
    recover(&after)
    // After the end only waits are pending; their waiters were answered, and a closed record accepts no more.
    if conclusion != nil { outbox.removeAll() }
    if !outbox.isEmpty { retryLater(&after) }
    if published != before { wakeReaders(&after) }
  }

  private mutating func write(_ event: ExecutionEvent, at time: UInt64) -> Errno? {
    let error = journal.publish(event, at: time)
    if error == nil { published += 1 }
    return error
  }

  private mutating func note(_ event: ExecutionEvent, at time: UInt64, _ after: inout Aftermath) {
    guard case .exit(let conclusion) = event else { return }
    self.conclusion = conclusion
    after.hasEnded = true
    // In the same critical section as the terminal event: a waiter that registers later finds the conclusion.
    for waiter in waiters {
      outbox.append((.wait(waiter: waiter.number), time))
      after.answers.append((waiter.answer, conclusion))
    }
    waiters = []
  }

  /// The content of the terminal event.
  func conclusion(_ outcome: Outcome) -> Conclusion {
    Conclusion(
      outcome: outcome, bytes: lengths, evicted: evicted, unproven: unproven,
      cuts: cuts.filter { outcome.truncated.contains($0.key) }, recordLoss: health.loss)
  }

  /// Publishes stored bytes; must run inside the lock.
  ///
  /// With output racing a drain deadline, 200,000 trials put the terminal event before an output three times when this
  /// ran outside the lock, and never inside.
  mutating func publishOutput(
    _ stream: ExecStream, count: Int, newlines: UInt64, at time: UInt64, _ after: inout Aftermath
  ) {
    let start = lengths[stream]
    lengths[stream] = start + UInt64(count)
    lines[stream] += newlines
    lastOutput = time
    let event = ExecutionEvent.output(
      stream, range: start..<start + UInt64(count), lines: lines[stream])
    if outbox.isEmpty, write(event, at: time) == nil { wakeReaders(&after) } else { publish(event, at: time, &after) }
  }

  /// Notes that bytes of a stream are missing or may be missing; dropped after the stream's end.
  mutating func note(_ gap: OutputGap, in stream: ExecStream, at time: UInt64, _ after: inout Aftermath) {
    guard machine.state.open.contains(stream) else {
      dropped += 1
      return
    }
    unproven.insert(StreamSet(stream))
    publish(.gap(stream, at: lengths[stream], gap), at: time, &after)
  }

  /// Whether a pump must stop before storing anything, because the journal or a reader is behind.
  var holdsBack: Bool { waitsForReader || !outbox.isEmpty }

  /// Notes that a stream's pump stopped; published once for each stop.
  mutating func stall(_ stream: ExecStream, errno: Int32, at time: UInt64, _ after: inout Aftermath) {
    if errno != 0 { retryLater(&after) }
    guard stalls.updateValue(errno, forKey: stream) != errno else { return }
    publish(.stalled(stream, errno: errno), at: time, &after)
  }

  /// Requests one retry; without the flag, two full streams would double the number of timers at each retry.
  mutating func retryLater(_ after: inout Aftermath) {
    guard !isRetryPending else { return }
    isRetryPending = true
    after.mustRetry = true
  }

  var stalledStreams: StreamSet { StreamSet(stalls.keys.map(StreamSet.init)) }

  /// Notes that a stopped stream's bytes are accepted again.
  mutating func resume(_ stream: ExecStream, at time: UInt64, _ after: inout Aftermath) {
    guard stalls.removeValue(forKey: stream) != nil else { return }
    publish(.resumed(stream), at: time, &after)
  }
}

// MARK: - When the record fails

extension Ledger {
  /// Handles a refused write; returns true when the disk was given up, so that the same write succeeds in memory.
  mutating func givesUp(after error: Errno, at time: UInt64, _ after: inout Aftermath) -> Bool {
    // A refusal by memory lifts when readers advance.
    if health.loss != nil { return false }
    let number = error.rawValue
    if health.isHopeless(number, policy, isForced: force != nil, endWanted: endWanted, at: time) {
      giveUp(number, at: time, &after)
      return true
    }
    if case .stalled(number, _) = health { return false }
    var since = time
    if case .stalled(_, let began) = health { since = began }
    change(.stalled(errno: number, since: since), &after)
    return false
  }

  /// Gives the disk up: pending and later events are published in memory, and the pumps resume.
  mutating func giveUp(_ number: Int32, at time: UInt64, _ after: inout Aftermath) {
    guard health.loss == nil else { return }
    let loss = RecordLoss(errno: number, offsets: journal.giveUp(), isAccepted: policy == .goOn)
    change(.lost(loss), &after)
    // A pending terminal event must carry the loss.
    for index in outbox.indices {
      guard case .exit(var conclusion) = outbox[index].event else { continue }
      conclusion.recordLoss = loss
      outbox[index].event = .exit(conclusion)
    }
    outbox.insert((.recordLost(loss), outbox.first?.time ?? time), at: 0)
    after.resume = after.resume.union(stalledStreams)
    guard policy == .stop else { return }
    // The process may not have been returned yet, if the first write already failed.
    if process == nil { deferred.append(.terminate) } else { after.endsCommand = true }
  }

  /// Notes that an end is wanted, which bounds the wait for a stalled record.
  mutating func wantEnd(at time: UInt64) { endWanted = endWanted ?? time }

  /// Notes an interrupt, which may concern only what the command is doing now.
  ///
  /// It asks for the end if the command has exited, or if it is the second interrupt since the record stalled.
  mutating func interrupt(at time: UInt64) {
    defer { interrupted = time }
    switch machine.state {
    case .created, .running:
      guard case .stalled(_, let since) = health, let interrupted, interrupted >= since else { return }
    case .draining, .emptying, .terminal: break
    }
    wantEnd(at: time)
  }

  /// Notes the reason of a force-close; a stalled record is then not waited for.
  mutating func force(by reason: StreamCut, _ after: inout Aftermath) {
    force = force ?? reason
    after.resume = after.resume.union(stalledStreams)
  }

  /// The error number of a stalled record; 0 when it is written or lost.
  var faultNumber: Int32 {
    if case .stalled(let number, _) = health { number } else { 0 }
  }

  private mutating func change(_ next: RecordHealth, _ after: inout Aftermath) {
    health = next
    news.append(next)
    after.hasNews = true
  }

  /// The next health change to report; nil when there is none or another thread is reporting.
  ///
  /// - Parameter isFirst: whether the calling thread starts to report.
  mutating func takeNews(isFirst: Bool) -> RecordHealth? {
    if isFirst, isTelling { return nil }
    isTelling = !news.isEmpty
    return news.popFirst()
  }

  private mutating func recover(_ after: inout Aftermath) {
    guard case .stalled = health, outbox.isEmpty, stalls.values.allSatisfy({ $0 == 0 }) else { return }
    change(.recording, &after)
  }
}

// MARK: - Readers

extension Ledger {
  /// Adds a reader and returns its number.
  mutating func addReader(needsEveryByte: Bool) -> UInt64 {
    defer { nextReader += 1 }
    readers[nextReader] = Reader(cursor: 0, needsEveryByte: needsEveryByte)
    return nextReader
  }

  /// Removes a reader; eviction no longer waits for it.
  mutating func removeReader(_ number: UInt64, at time: UInt64, _ after: inout Aftermath) {
    disarm(number, &after)
    if readers.removeValue(forKey: number)?.needsEveryByte == true { evictIfNeeded(at: time, &after) }
  }

  /// Moves a reader's cursor: everything below `cursor` was consumed.
  mutating func advance(_ number: UInt64, to cursor: UInt64, at time: UInt64, _ after: inout Aftermath) {
    guard let reader = readers[number], reader.cursor < cursor else { return }
    readers[number]?.cursor = cursor
    if reader.needsEveryByte, waitsForReader { evictIfNeeded(at: time, &after) }
  }

  /// Registers a wake-up in the critical section that found nothing to read; returns false when there is something to
  /// read or the execution is over.
  mutating func arm(_ number: UInt64, at position: UInt64, _ wake: @escaping @Sendable () -> Void) -> Bool {
    guard published <= position, conclusion == nil, readers[number] != nil else { return false }
    readers[number]?.wake = wake
    return true
  }

  /// Wakes one reader without an event, for example when its task is cancelled.
  mutating func disarm(_ number: UInt64, _ after: inout Aftermath) {
    guard let wake = readers[number]?.wake else { return }
    readers[number]?.wake = nil
    after.wakes.append(wake)
  }

  /// Whether a reader that needs every byte has not read all.
  var isBehind: Bool { readers.values.contains { $0.needsEveryByte && $0.cursor < published } }

  private mutating func wakeReaders(_ after: inout Aftermath) {
    for (number, reader) in readers {
      guard let wake = reader.wake else { continue }
      readers[number]?.wake = nil
      after.wakes.append(wake)
    }
  }
}

// MARK: - Waiters

extension Ledger {
  /// Registers a waiter, or returns the conclusion if the end is published already.
  mutating func wait(_ answer: @escaping @Sendable (Conclusion) -> Void) -> Conclusion? {
    if let conclusion { return conclusion }
    waiters.append(Waiter(number: nextWaiter, answer: answer))
    nextWaiter += 1
    return nil
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
  mutating func evictIfNeeded(at time: UInt64, _ after: inout Aftermath) {
    // After the end only waits are published.
    guard let limit = outputLimit, !machine.state.isTerminal else { return }
    guard waitsForReader || journal.exceeds(limit) else { return }
    let slowest = readers.values.filter(\.needsEveryByte).map(\.cursor).min()
    if let plan = journal.planEviction(limit: limit, retainingFrom: slowest) {
      after.eviction = plan
      for stream in ExecStream.allCases { evicted[stream] += plan.bytes[stream] }
      for event in plan.events { publish(event, at: time, &after) }
    }
    let isOver = journal.exceeds(limit)
    if waitsForReader, !isOver { after.resume = .both }
    waitsForReader = isOver && slowest != nil
    // A plan covers a bounded number of records. A reader that has caught up does not call again, so a timer must.
    if waitsForReader, let slowest, slowest >= published { after.mustRetry = true }
  }
}
