public import ExecModel

/// Records the announcements of a run: nothing in an exploration, everything while stepping.
public protocol AnnouncementRecorder: Hashable, Sendable {
  /// Makes an empty recorder.
  init()
  /// Records an announcement; `isRead` is whether the consumer read it, `step` the step that it answers, from 0.
  mutating func record(_ announcement: Announcement, isRead: Bool, step: Int)
}

/// Records nothing.
public struct NoRecord: AnnouncementRecorder {
  /// Makes a recorder.
  public init() {}
  /// Does nothing.
  public mutating func record(_ announcement: Announcement, isRead: Bool, step: Int) {}
}

/// All announcements of a dispatcher in a run, in order.
public struct AnnouncementRecord: AnnouncementRecorder {
  /// One announcement.
  public struct Entry: Hashable, Sendable {
    /// The announcement.
    public let announcement: Announcement
    /// Whether the consumer read it.
    public let isRead: Bool
    /// The step it answers, from 0.
    public let step: Int
  }

  /// The announcements, in order: the consumer's queue.
  public private(set) var entries: [Entry] = []

  /// An empty record.
  public init() {}

  /// Adds an announcement.
  public mutating func record(_ announcement: Announcement, isRead: Bool, step: Int) {
    entries.append(Entry(announcement: announcement, isRead: isRead, step: step))
  }

  /// The numbers of the chunks of a stream that the consumer read, or of those that came too late for it.
  public func chunks(_ stream: ExecStream, areRead: Bool = true) -> [Int] {
    entries.compactMap { entry in
      guard case .output(stream, let chunk) = entry.announcement, entry.isRead == areRead else { return nil }
      return chunk
    }
  }
}

/// Receives the dispatcher's answers in a run: announcements go to the consumer, requests are kept for the run.
struct RunOutbox<Recorder: AnnouncementRecorder>: DispatcherOutput, Hashable, Sendable {
  private(set) var consumer = Consumer()
  private(set) var recorder = Recorder()
  private(set) var hasTimer = false
  private var emptying: StreamSet = []
  var step = 0

  mutating func announce(_ announcement: Announcement) {
    recorder.record(announcement, isRead: consumer.isReading, step: step)
    consumer.take(announcement)
  }

  mutating func emptyKernel(_ streams: StreamSet) { emptying.formUnion(streams) }

  mutating func startTimer() { hasTimer = true }

  /// Removes one stream from those to empty, standard output first.
  mutating func nextToEmpty() -> ExecStream? {
    guard !emptying.isEmpty else { return nil }
    let stream: ExecStream = emptying.contains(.stdout) ? .stdout : .stderr
    emptying = emptying.contains(stream) ? emptying.removing(stream) : []
    return stream
  }
}

/// One dispatcher in one schedule, step by step, between a model of the kernel's pipes and the consumer.
public struct Run<Subject: Dispatcher, Recorder: AnnouncementRecorder>: Hashable, Sendable {
  /// The dispatcher.
  public private(set) var dispatcher: Subject
  /// The steps that have happened.
  public private(set) var position = Position()
  /// The promises that are certainly broken, whatever follows.
  public private(set) var broken: PromiseSet = []
  private var outbox = RunOutbox<Recorder>()
  /// Chunks taken from the pipes so far, by the pumps or by emptying.
  private var delivered = PerStream<Int>()
  /// Streams that are not read any more: ended, or emptied and closed.
  private var closed: StreamSet = []
  private var arrived = WaiterSet()
  private var steps = 0

  /// Makes a run before the first step.
  public init(_ dispatcher: Subject) { self.dispatcher = dispatcher }

  /// The consumer.
  public var consumer: Consumer { outbox.consumer }
  /// The waiters that have arrived.
  public var waiting: WaiterSet { arrived }
  /// The recorder.
  public var record: Recorder { outbox.recorder }

  /// Takes the next step of a source; does nothing when it is not enabled.
  public mutating func take(_ source: Source, in scenario: Scenario) {
    guard scenario.isEnabled(source, at: position), let step = scenario.nextStep(source, at: position) else { return }
    let wasReading = consumer.isReading
    position.advance(source)
    outbox.step = steps
    steps &+= 1
    perform(step, in: scenario)
    judge(wasReading: wasReading, in: scenario)
  }

  private mutating func perform(_ step: Step, in scenario: Scenario) {
    switch step {
    case .chunk(let stream, let index):
      guard !closed.contains(stream) else { return }
      delivered[stream] &+= 1
      tell(.output(stream, chunk: index), in: scenario)
    case .endOfStream(let stream):
      guard !closed.contains(stream) else { return }
      closed.formUnion(StreamSet(stream))
      tell(.endOfStream(stream), in: scenario)
    case .exit: tell(.exited(scenario.status), in: scenario)
    case .waiter(let waiter), .lateWaiter(let waiter):
      arrived.insert(waiter)
      tell(.waits(waiter: waiter), in: scenario)
    case .deadline: if outbox.hasTimer { tell(.deadline, in: scenario) }
    case .forceClose: tell(.forceClosed, in: scenario)
    case .grandchildWrites, .grandchildEnds: break
    }
  }

  private mutating func tell(_ happening: Happening, in scenario: Scenario) {
    dispatcher.take(happening, into: &outbox)
    while let stream = outbox.nextToEmpty() { empty(stream, in: scenario) }
  }

  /// Delivers what the kernel holds, then what a read finds next: the end when all writers have closed, otherwise
  /// *emptied*.
  private mutating func empty(_ stream: ExecStream, in scenario: Scenario) {
    guard !closed.contains(stream) else { return }
    while delivered[stream] < scenario.written(stream, at: position) {
      dispatcher.take(.output(stream, chunk: delivered[stream]), into: &outbox)
      delivered[stream] &+= 1
    }
    closed.formUnion(StreamSet(stream))
    let isOver = position[.exit] > 0 && !scenario.isHeld(stream, at: position)
    dispatcher.take(isOver ? .endOfStream(stream) : .emptied(stream), into: &outbox)
  }

  private mutating func judge(wasReading: Bool, in scenario: Scenario) {
    if !consumer.isOrdered { broken.formUnion(.order) }
    if consumer.isGarbled { broken.formUnion(.whole) }
    if !consumer.answeredTwice.isEmpty || !consumer.answered.subtracting(arrived).isEmpty { broken.formUnion(.late) }
    guard let end = consumer.end else { return }
    if hasLost(.stdout, end, scenario) || hasLost(.stderr, end, scenario) { broken.formUnion(.whole) }
    guard wasReading else { return }
    let isHeld = scenario.isHeld(.stdout, at: position) && !end.truncated.contains(.stdout)
    if position[.exit] == 0 || isHeld { broken.formUnion(.honestEnd) }
  }

  private func hasLost(_ stream: ExecStream, _ end: Consumer.End, _ scenario: Scenario) -> Bool {
    !end.truncated.contains(stream) && consumer.read[stream] < scenario.written(stream, at: position)
  }

  /// The promises that are broken if nothing more happens.
  public var brokenAtEnd: PromiseSet {
    var all = broken
    if consumer.exits == 0 { all.formUnion([.order, .honestEnd]) }
    if !arrived.subtracting(consumer.answered).isEmpty { all.formUnion(.late) }
    return all
  }
}
