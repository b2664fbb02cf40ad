import DequeModule
import ExecModel
import Journal
import SystemPackage

/// All that one execution knows, under one lock: the machine, what was published, who reads and who waits.
struct Ledger {
  /// One subscription's place.
  struct Reader {
    /// Nothing from this record on may be evicted, when the reader must have every byte.
    var cursor: UInt64
    /// Whether eviction waits for this reader.
    let needsEveryByte: Bool
    /// Called once when there is something to read; nil while the reader is awake.
    var wake: (@Sendable () -> Void)?
  }

  /// One who waits for the end.
  struct Waiter {
    let number: UInt64
    let answer: @Sendable (Conclusion) -> Void
  }

  /// The decision.
  var machine: ExecutionMachine
  /// The record.
  let journal: JournalWriter
  /// How much of the output is kept.
  let limit: JournalLimit
  /// What becomes of the command when its record cannot be written.
  let policy: RecordFailurePolicy

  /// Number of published records.
  private(set) var published: UInt64 = 0
  /// Published bytes of each stream.
  private(set) var lengths = StreamCounts()
  /// Newlines in them.
  private(set) var lines = StreamCounts()
  /// Bytes that were evicted.
  private(set) var evicted = StreamCounts()
  /// Set when the terminal event is published, never before.
  private(set) var conclusion: Conclusion?
  /// When the last output was published, and when draining began.
  private(set) var lastOutput: UInt64 = 0
  var drainBegan: UInt64 = 0
  /// Why the execution is being closed by force; nil as long as it is not.
  private(set) var force: StreamCut?
  /// Since when an end is wanted.
  private(set) var endWanted: UInt64?
  /// When the last interrupt came.
  private var interrupted: UInt64?
  /// Why streams were given up.
  var cuts: [ExecStream: StreamCut] = [:]
  /// The first process that was found to hold a stream when its drain time was up.
  var holders: [ExecStream: Int32] = [:]
  /// Whether the record takes what happens.
  private(set) var health = RecordHealth.recording
  /// How it stood since then, as far as nobody was told yet.
  private var news: Deque<RecordHealth> = []
  /// Whether a thread tells the news.
  private var isTelling = false
  /// Streams in which bytes are missing, or may be.
  private(set) var unproven: StreamSet = []
  /// Inputs that came after the end or made no sense.
  var dropped: UInt64 = 0

  /// The running command, once the box gave it.
  var process: (any BoxProcess)?
  /// Whether it goes on when we let go of it.
  var outlives = false
  /// Its place in the table of what a crash of ours cannot end, and names.
  var crashName: Int32?
  /// Why the box could not start it, in one line.
  var startError: String?
  /// Its number on the host.
  var processIdentifier: Int32?
  /// Actions that came before the box gave the process.
  var deferred: [ExecutionAction] = []

  /// Events that the journal could not take yet, in order; nothing overtakes them.
  private var outbox: Deque<(event: ExecutionEvent, time: UInt64)> = []
  /// Streams whose pumps stopped, with the error number (0: a reader must catch up first).
  private(set) var stalls: [ExecStream: Int32] = [:]
  /// Whether pumps wait for a reader that must have every byte.
  private(set) var waitsForReader = false
  /// Whether a timer will try again what the journal refused: one is enough, however many pumps wait for it.
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
  /// Publishes an event after all that wait before it, and wakes who sleeps.
  mutating func publish(_ event: ExecutionEvent, at time: UInt64, _ after: inout Aftermath) {
    outbox.append((event, time))
    flush(at: time, &after)
  }

  /// Publishes what waits in the outbox, as far as the journal takes it.
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
    // After the end only waits are left; they were answered, and a record that is closed takes no more.
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
    // In the same critical section as the terminal event: whoever registers later finds the conclusion instead.
    for waiter in waiters {
      outbox.append((.wait(waiter: waiter.number), time))
      after.answers.append((waiter.answer, conclusion))
    }
    waiters = []
  }

  /// What the terminal event tells.
  func conclusion(_ outcome: Outcome) -> Conclusion {
    Conclusion(
      outcome: outcome, bytes: lengths, evicted: evicted, unproven: unproven,
      cuts: cuts.filter { outcome.truncated.contains($0.key) }, recordLoss: health.loss)
  }

  /// Publishes stored bytes, inside the lock.
  ///
  /// With output against a drain deadline, 200,000 trials put the terminal before an output
  /// three times when this ran outside the lock, and never inside.
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

  /// Notes that bytes are missing in a stream, or may be; after its end that is said too late.
  mutating func note(_ gap: OutputGap, in stream: ExecStream, at time: UInt64, _ after: inout Aftermath) {
    guard machine.state.open.contains(stream) else {
      dropped += 1
      return
    }
    unproven.insert(StreamSet(stream))
    publish(.gap(stream, at: lengths[stream], gap), at: time, &after)
  }

  /// Whether a pump must stop before storing anything: the record lags behind, or a reader does.
  var holdsBack: Bool { waitsForReader || !outbox.isEmpty }

  /// Notes that a stream's pump stopped; published once for each stop.
  mutating func stall(_ stream: ExecStream, errno: Int32, at time: UInt64, _ after: inout Aftermath) {
    if errno != 0 { retryLater(&after) }
    guard stalls.updateValue(errno, forKey: stream) != errno else { return }
    publish(.stalled(stream, errno: errno), at: time, &after)
  }

  /// Asks for one retry; without the mark, two full streams would double the timers at each one.
  mutating func retryLater(_ after: inout Aftermath) {
    guard !isRetryPending else { return }
    isRetryPending = true
    after.mustRetry = true
  }

  /// The streams whose pumps stopped.
  var stalledStreams: StreamSet { StreamSet(stalls.keys.map(StreamSet.init)) }

  /// Notes that a stopped stream's bytes are taken again.
  mutating func resume(_ stream: ExecStream, at time: UInt64, _ after: inout Aftermath) {
    guard stalls.removeValue(forKey: stream) != nil else { return }
    publish(.resumed(stream), at: time, &after)
  }
}

// MARK: - When the record fails

extension Ledger {
  /// Decides what a refused write means: true when the disk was given up, so that the same write succeeds now.
  mutating func givesUp(after error: Errno, at time: UInt64, _ after: inout Aftermath) -> Bool {
    // What memory does not take waits for readers, who make room.
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

  /// Gives the disk up: what waits is published in memory, what comes goes there, and the pumps go on.
  mutating func giveUp(_ number: Int32, at time: UInt64, _ after: inout Aftermath) {
    guard health.loss == nil else { return }
    let loss = RecordLoss(errno: number, offsets: journal.giveUp(), isAccepted: policy == .goOn)
    change(.lost(loss), &after)
    // An end that waits to be recorded says of itself that it is not.
    for index in outbox.indices {
      guard case .exit(var conclusion) = outbox[index].event else { continue }
      conclusion.recordLoss = loss
      outbox[index].event = .exit(conclusion)
    }
    outbox.insert((.recordLost(loss), outbox.first?.time ?? time), at: 0)
    after.resume = after.resume.union(stalledStreams)
    guard policy == .stop else { return }
    // The command may not be known yet: what it begins with is what is lost.
    if process == nil { deferred.append(.terminate) } else { after.endsCommand = true }
  }

  /// Notes that an end is wanted: what stalls is not waited for much longer.
  mutating func wantEnd(at time: UInt64) { endWanted = endWanted ?? time }

  /// Notes an interrupt, which may be for what the command does just now.
  ///
  /// To a command that has exited, and at the second since the record stalled, it asks for the end.
  mutating func interrupt(at time: UInt64) {
    defer { interrupted = time }
    switch machine.state {
    case .created, .running:
      guard case .stalled(_, let since) = health, let interrupted, interrupted >= since else { return }
    case .draining, .emptying, .terminal: break
    }
    wantEnd(at: time)
  }

  /// Notes why the execution is closed by force: what stalls is not waited for at all.
  mutating func force(by reason: StreamCut, _ after: inout Aftermath) {
    force = force ?? reason
    after.resume = after.resume.union(stalledStreams)
  }

  /// Why the disk takes nothing now; 0 when it does, or is given up.
  var faultNumber: Int32 {
    if case .stalled(let number, _) = health { number } else { 0 }
  }

  private mutating func change(_ next: RecordHealth, _ after: inout Aftermath) {
    health = next
    news.append(next)
    after.hasNews = true
  }

  /// What is to be told next; nil when there is no more, or another thread tells it.
  ///
  /// - Parameter isFirst: whether the thread begins to tell.
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

  /// Forgets a reader; eviction no longer waits for it.
  mutating func removeReader(_ number: UInt64, at time: UInt64, _ after: inout Aftermath) {
    disarm(number, &after)
    if readers.removeValue(forKey: number)?.needsEveryByte == true { evictIfNeeded(at: time, &after) }
  }

  /// Moves a reader: everything below `cursor` was used.
  mutating func advance(_ number: UInt64, to cursor: UInt64, at time: UInt64, _ after: inout Aftermath) {
    guard let reader = readers[number], reader.cursor < cursor else { return }
    readers[number]?.cursor = cursor
    if reader.needsEveryByte, waitsForReader { evictIfNeeded(at: time, &after) }
  }

  /// Registers a wake-up in the section that saw that there is nothing to read; false when there is, or it is over.
  mutating func arm(_ number: UInt64, at position: UInt64, _ wake: @escaping @Sendable () -> Void) -> Bool {
    guard published <= position, conclusion == nil, readers[number] != nil else { return false }
    readers[number]?.wake = wake
    return true
  }

  /// Wakes one reader for nothing, as when its task is cancelled.
  mutating func disarm(_ number: UInt64, _ after: inout Aftermath) {
    guard let wake = readers[number]?.wake else { return }
    readers[number]?.wake = nil
    after.wakes.append(wake)
  }

  /// Whether a reader that must have every byte has not read all.
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
  /// Registers a waiter, or answers it at once when the end is published: in the list that will be taken, or late.
  mutating func wait(_ answer: @escaping @Sendable (Conclusion) -> Void) -> Conclusion? {
    if let conclusion { return conclusion }
    waiters.append(Waiter(number: nextWaiter, answer: answer))
    nextWaiter += 1
    return nil
  }
}

// MARK: - Eviction

extension Ledger {
  /// Bytes of output that may be kept where the record is written now; nil for all.
  private var outputLimit: UInt64? {
    guard health.loss != nil else {
      if case .bytes(let limit) = limit { return limit }
      return nil
    }
    return journal.memoryLimit
  }

  /// Evicts down to the limit as far as readers allow, and tells pumps to wait or to go on.
  mutating func evictIfNeeded(at time: UInt64, _ after: inout Aftermath) {
    // After the end nothing is published but waits.
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
    // A plan looks at a bounded number of records. A reader that has caught up will not call again; a timer must.
    if waitsForReader, let slowest, slowest >= published { after.mustRetry = true }
  }
}
