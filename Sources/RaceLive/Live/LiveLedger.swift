import ExecModel
import Journal
import RaceLab

/// What is known of one execution of a live race, under one lock: the actual events, what its dispatcher received of
/// them, and what its consumer received from the dispatcher.
struct LiveLedger {
  /// The number of bytes that the box read of the streams.
  private(set) var written = PerStream<UInt64>()
  /// Where each chunk of a stream ends, by its number.
  private var chunkEnds = PerStream<[UInt64]>(repeating: [])
  /// The number of chunks of a stream that were delivered.
  private var delivered = PerStream<Int>()
  /// Streams that the box no longer reads.
  private(set) var closed: StreamSet = []
  /// Streams that were closed while they were held.
  private(set) var cut: StreamSet = []
  /// The reaper's report and its time.
  private(set) var reaped: (status: ExitStatus, time: UInt64)?

  private var dispatcher: StandardDispatcher
  private(set) var consumer = Consumer()
  /// When the consumer received the end.
  private(set) var told: UInt64?
  /// The number of reports on the way to the dispatcher, and of running timers.
  private var pending = 0
  /// Whether the time limit expired: later events are only recorded.
  private(set) var isOverdue = false
  /// Whether there was no end to report at the time limit.
  private var isExcused = false
  private var wasSettled = false
  /// Why the execution does not count.
  private(set) var problem: String?

  init(_ dispatcher: StandardDispatcher) { self.dispatcher = dispatcher }

  /// The number of bytes of a stream that the consumer read.
  func read(_ stream: ExecStream) -> UInt64 {
    let ends = chunkEnds[stream]
    let count = min(consumer.read[stream], ends.count)
    return count == 0 ? 0 : ends[count - 1]
  }
}

// MARK: - Actual events

extension LiveLedger {
  /// Records a chunk that was read and returns its number.
  mutating func note(_ stream: ExecStream, count: Int) -> Int {
    written[stream] &+= UInt64(count)
    chunkEnds[stream].append(written[stream])
    return chunkEnds[stream].count - 1
  }

  /// Records that the box no longer reads a stream.
  mutating func close(_ stream: ExecStream, isCut: Bool) {
    closed.formUnion(StreamSet(stream))
    if isCut { cut.formUnion(StreamSet(stream)) }
  }

  /// Records the reaper's report.
  mutating func note(_ status: ExitStatus, at time: UInt64) { reaped = (status, time) }

  /// Records why the execution does not count; the first reason is kept.
  mutating func fail(_ reason: String) { problem = problem ?? reason }

  /// Streams that the box still reads.
  var open: StreamSet { StreamSet.both.subtracting(closed) }

  /// Records that the time limit expired, and whether another process than the command held a
  /// stream then.
  ///
  /// This excuses a missing end; so does a running command, and a report on the way to the
  /// dispatcher.
  mutating func expire(isHeld: Bool) {
    isOverdue = true
    isExcused = isHeld || reaped == nil || pending > 0
  }

  /// Records a report on the way to the dispatcher.
  mutating func expect() { pending += 1 }

  /// Records its arrival.
  mutating func arrive() { pending -= 1 }

  /// Whether the actual output and the consumer's view are known; true once.
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

// MARK: - The dispatcher's view

extension LiveLedger {
  /// Passes an event to the dispatcher and its announcements to the consumer; returns the dispatcher's answer.
  mutating func tell(_ happening: Happening, at time: UInt64) -> Answer {
    guard !isOverdue else { return Answer() }
    let answer = dispatcher.take(happening)
    for announcement in answer.announcements { consumer.take(announcement) }
    if told == nil, !consumer.isReading { told = time }
    return answer
  }

  /// Passes the next chunk of a stream.
  mutating func tellChunk(of stream: ExecStream, at time: UInt64) -> Answer {
    defer { delivered[stream] += 1 }
    return tell(.output(stream, chunk: delivered[stream]), at: time)
  }

  /// Records that a chunk was delivered; if the dispatcher was not told of it, it came after the end.
  mutating func noteDelivered(_ stream: ExecStream, _ chunk: Int) {
    guard delivered[stream] <= chunk, !isOverdue else { return }
    delivered[stream] = chunk + 1
    consumer.take(.output(stream, chunk: chunk))
  }

  /// The outcome.
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
    // An end that is missing because a stream is held is not a false report.
    guard !isExcused else { return broken }
    if !consumer.answered.contains(0) || !consumer.answeredTwice.isEmpty { broken.formUnion(.late) }
    if hasWrongExit || output == .abandoned { broken.formUnion(.honestEnd) }
    return broken
  }
}
