public import ExecModel

/// The effect of a schedule, or of its prefix, on one dispatcher's consumer.
public struct Verdict: Hashable, Sendable {
  /// The end as the consumer received it; nil while it reads.
  public let end: Consumer.End?
  /// Chunks read.
  public let read: PerStream<Int>
  /// Bytes read.
  public let bytesRead: PerStream<UInt64>
  /// Chunks written and never read, though the end did not name the cut; zero while the consumer reads.
  public let lost: PerStream<Int>
  /// Bytes of the lost chunks.
  public let bytesLost: PerStream<UInt64>
  /// Streams that the end reported as cut.
  public let named: StreamSet
  /// Output announced after the end.
  public let missed: PerStream<Int>
  /// The waiters that have not been answered.
  public let unanswered: WaiterSet
  /// The waiters that were answered more than once.
  public let answeredTwice: WaiterSet
  /// The number of answers before the exit was announced.
  public let earlyWaits: Int
  /// Whether all steps have happened.
  public let isComplete: Bool
  /// The promises that are certainly broken, or, when all steps have happened, broken at the end.
  public let violations: PromiseSet

  /// Evaluates a run at its current step.
  public init<Subject, Recorder>(_ run: Run<Subject, Recorder>, in scenario: Scenario) {
    let consumer = run.consumer
    var lost = PerStream<Int>()
    var bytesRead = PerStream<UInt64>()
    var bytesLost = PerStream<UInt64>()
    var named: StreamSet = []
    for stream in ExecStream.allCases {
      let count = min(consumer.read[stream], scenario.chunks(stream))
      bytesRead[stream] = Self.bytes(0..<count, stream, scenario)
      guard let end = consumer.end else { continue }
      let written = max(count, scenario.written(stream, at: run.position))
      if end.truncated.contains(stream) {
        named.formUnion(StreamSet(stream))
      } else {
        lost[stream] = written - count
        bytesLost[stream] = Self.bytes(count..<written, stream, scenario)
      }
    }
    end = consumer.end
    read = consumer.read
    self.bytesRead = bytesRead
    self.lost = lost
    self.bytesLost = bytesLost
    self.named = named
    missed = consumer.missed
    unanswered = run.waiting.subtracting(consumer.answered)
    answeredTwice = consumer.answeredTwice
    earlyWaits = consumer.earlyWaits
    isComplete = scenario.isComplete(at: run.position)
    violations = isComplete ? run.brokenAtEnd : run.broken
  }

  private static func bytes(_ chunks: Range<Int>, _ stream: ExecStream, _ scenario: Scenario) -> UInt64 {
    chunks.reduce(0) { $0 + UInt64(scenario.text(stream, chunk: $1).utf8.count) }
  }

  /// Whether a promise is broken.
  public var isLosing: Bool { !violations.isEmpty }
}

extension Verdict {
  /// One sentence for display: `done, exit 0, 13 bytes lost`.
  public var sentence: String {
    guard let end else { return isComplete ? "end never reported" : "reading" + readWords }
    var words = ["done", end.status?.words ?? "status unknown"]
    if bytesLost.total > 0 { words.append("\(bytesLost.total) byte\(bytesLost.total == 1 ? "" : "s") lost") }
    if !named.isEmpty { words.append("\(named.names) cut short") }
    if violations.contains(.honestEnd) { words.append("reported too early") }
    if earlyWaits > 0 { words.append("a wait before the exit") }
    if isComplete, !unanswered.isEmpty { words.append("\(unanswered.count) not answered") }
    if !answeredTwice.isEmpty { words.append("\(answeredTwice.count) answered twice") }
    if words.count == 2, violations.isEmpty { words.append("whole") }
    return words.joined(separator: ", ")
  }

  private var readWords: String { bytesRead.total == 0 ? "" : ", \(bytesRead.total) bytes so far" }
}
