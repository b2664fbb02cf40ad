import ExecModel
import Journal
import RaceLab

/// All that one execution of a live race knows, under one lock: what really happened, what its dispatcher was told of it,
/// and what its consumer was told by that.
struct LiveLedger {
  /// What is to be done once the lock is given back.
  struct Wishes {
    /// Streams whose kernel buffers must be emptied.
    var emptying: StreamSet = []
    /// Whether a timer must be started.
    var startsTimer = false
    /// Whether nothing more will come that matters: the runner may take it.
    var isSettled = false
  }

  /// What the streams really brought, as the journal has it.
  private(set) var written = StreamCounts()
  /// Newlines in them.
  private(set) var lines = StreamCounts()
  /// Where each chunk of a stream ends, by its number.
  private var chunkEnds: [ExecStream: [UInt64]] = [:]
  /// Streams that the box reads no more.
  private(set) var closed: StreamSet = []
  /// Streams that were closed while somebody held them.
  private(set) var cut: StreamSet = []
  /// The reaper's report, and when it came.
  private(set) var reaped: (status: ExitStatus, time: UInt64)?
  /// When the last output was brought, for a drain policy that waits for quiet.
  private(set) var lastOutput: UInt64 = 0

  private var dispatcher: StandardDispatcher
  private(set) var consumer = Consumer()
  /// When the consumer was told the end.
  private(set) var told: UInt64?
  /// What is under way from the pumps to the dispatcher, and timers that run.
  private var pending = 0
  /// Whether the time was up: what comes now is for the record only.
  private(set) var isOverdue = false
  /// Whether there was no end to tell when the time was up.
  private var isExcused = false
  private var wasSettled = false
  /// Why the execution counts for nothing.
  private(set) var problem: String?

  init(_ dispatcher: StandardDispatcher) { self.dispatcher = dispatcher }

  /// Bytes of a stream that the consumer read.
  func read(_ stream: ExecStream) -> UInt64 {
    let ends = chunkEnds[stream] ?? []
    let count = min(consumer.read[stream], ends.count)
    return count == 0 ? 0 : ends[count - 1]
  }
}

// MARK: - What really happens

extension LiveLedger {
  /// Notes a stored chunk; returns its number.
  mutating func note(_ stream: ExecStream, count: Int, newlines: UInt64, at time: UInt64) -> Int {
    written[stream] &+= UInt64(count)
    lines[stream] &+= newlines
    lastOutput = time
    chunkEnds[stream, default: []].append(written[stream])
    return (chunkEnds[stream]?.count ?? 1) - 1
  }

  /// Notes that the box reads a stream no more.
  mutating func close(_ stream: ExecStream, isCut: Bool) {
    closed.formUnion(StreamSet(stream))
    if isCut { cut.formUnion(StreamSet(stream)) }
  }

  /// Notes the reaper's report.
  mutating func note(_ status: ExitStatus, at time: UInt64) { reaped = (status, time) }

  /// Notes why the execution counts for nothing; the first reason is the one to tell.
  mutating func fail(_ reason: String) { problem = problem ?? reason }

  /// Streams that the box still reads.
  var open: StreamSet { StreamSet.both.subtracting(closed) }

  /// Notes that the time was up, and whether somebody but the command held a stream then.
  ///
  /// That excuses an end that was not told; so does a command that runs, and what is under way to the dispatcher.
  mutating func expire(isHeld: Bool) {
    isOverdue = true
    isExcused = isHeld || reaped == nil || pending > 0
  }

  /// Notes that something is under way to the dispatcher.
  mutating func expect() { pending += 1 }

  /// Notes that it arrived.
  mutating func arrive() { pending -= 1 }

  /// Whether everything is known: the truth, and what the consumer believes; true once.
  mutating func settles() -> Bool {
    guard !wasSettled, problem != nil || isKnown else { return false }
    wasSettled = true
    return true
  }

  private var isKnown: Bool {
    guard reaped != nil, closed == .both else { return false }
    return isOverdue || !consumer.isReading || pending == 0
  }
}

// MARK: - What the dispatcher makes of it

extension LiveLedger {
  /// Tells the dispatcher, passes its announcements to the consumer, and returns them with what else it asks for.
  mutating func tell(_ happening: Happening, at time: UInt64) -> (announcements: [Announcement], wishes: Wishes) {
    guard !isOverdue else { return ([], Wishes()) }
    let answer = dispatcher.take(happening)
    for announcement in answer.announcements { consumer.take(announcement) }
    if told == nil, !consumer.isReading { told = time }
    return (answer.announcements, Wishes(emptying: answer.emptying, startsTimer: answer.startsTimer))
  }

  /// What became of it.
  var outcome: LiveOutcome {
    let isMissing = consumer.isReading
    let hasWrongExit = isMissing || consumer.end?.status != reaped?.status
    return LiveOutcome(
      output: output, hasWrongExit: hasWrongExit, isMissing: isMissing, latency: latency, broken: broken(hasWrongExit))
  }

  private var latency: UInt64? {
    guard let told else { return nil }
    return told - min(told, reaped?.time ?? told)
  }

  private var output: LiveOutcome.Output {
    let named = consumer.end?.truncated ?? []
    let lost = ExecStream.allCases.filter { !named.contains($0) && read($0) < written[$0] }
    if !lost.isEmpty { return consumer.read.total == 0 ? .empty : .truncated }
    if !named.isEmpty { return .cut }
    return cut.isEmpty ? .whole : .abandoned
  }

  private func broken(_ hasWrongExit: Bool) -> PromiseSet {
    var broken: PromiseSet = []
    if !consumer.isOrdered { broken.formUnion(.order) }
    if output.isLoss || consumer.isGarbled { broken.formUnion(.whole) }
    // Whoever is not told in time because somebody holds a stream is not told a lie.
    guard !isExcused else { return broken }
    if !consumer.answered.contains(0) || !consumer.answeredTwice.isEmpty { broken.formUnion(.late) }
    if hasWrongExit || output == .abandoned { broken.formUnion(.honestEnd) }
    return broken
  }
}
