import ExecModel
import Journal

/// What the server knows of one execution beside the engine: who is attached, and how far clients have it.
struct ExecutionRecord {
  let id: ExecutionID
  /// The client's box; nil when no client of ours started it: nobody ends it for being left alone then.
  let box: String?
  let command: String
  /// Bytes that it costs to keep, about, the engine's part included.
  let cost: Int
  let started = Timestamp.now()
  /// Monotonic nanoseconds of the start.
  let begin: UInt64

  /// The claim of the one client that may write.
  var writer: UInt64?
  /// Whether the writer's kernel has the exit frame: it may hang up any moment, and somebody else may come.
  var isWriterDone = false
  /// Clients that only read.
  var watchers = 0
  /// Whether a client with the claim has ever been there.
  var wasClaimed = false
  /// Whether the last such client said itself where it starts: what it has says nothing about any other.
  var isNamed = false
  /// Bytes that were written to the last such client's socket.
  var sent = StreamCounts()
  /// Bytes of which that client proved that it has read them.
  var confirmed = StreamCounts()
  /// Monotonic nanoseconds of the first question for the status that may belong to the last cut.
  var probed: UInt64?
  /// Monotonic nanoseconds of the last writer's going.
  var left: UInt64 = 0
  /// Whether a client has the exit frame.
  var handOver = HandOver.open
  /// Monotonic nanoseconds since when nobody is attached.
  var idleSince: UInt64
  /// Monotonic nanoseconds of the end.
  var ended: UInt64?
  /// How often the reaper asked it to end.
  var warnings = 0
  /// Keeps the record on disk from being pruned until a client has had its end, or has not come for it.
  var hold: JournalHold?

  /// Bytes of a command that are shown: it stands in every list, and may be as long as a body.
  private static let shown = 4096
  /// What an execution costs beside its words.
  private static let base = 8192

  init(id: ExecutionID, box: String?, spec: ExecutionSpec, at time: UInt64) {
    (self.id, self.box, command) = (id, box, Self.text(of: spec))
    cost = Self.cost(of: spec)
    (begin, idleSince) = (time, time)
  }

  /// The command as lists show it.
  static func text(of spec: ExecutionSpec) -> String {
    var text = ""
    for word in spec.command {
      if !text.isEmpty { text += " " }
      text += word.prefix(shown)
      if text.utf8.count > shown { return text.prefix(shown) + "…" }
    }
    return text
  }

  static func cost(of spec: ExecutionSpec) -> Int {
    let words = spec.command.reduce(0) { $0 + $1.utf8.count + 32 }
    return base + words + spec.environment.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 64 }
  }

  /// Whether the last writer asked for the status after it was cut, as BoxLite's clients do before they come back.
  ///
  /// It may ask a moment before we hear of the cut ourselves.
  var wasProbedSinceCut: Bool {
    guard let probed, wasClaimed, writer == nil else { return false }
    return probed &+ Self.window >= left && (handOver == .open || probed <= left &+ Self.window)
  }

  /// How far apart a cut and the question after it can be, for each side's clock.
  private static let window = Duration.seconds(5).nanoseconds

  /// Notes that somebody asked for the status.
  mutating func probe(at time: UInt64) {
    if let probed, probed &+ Self.window >= left, writer == nil { return }
    probed = time
  }

  var clients: Int { watchers + (writer == nil ? 0 : 1) }

  var isAttached: Bool { writer != nil || watchers > 0 }

  /// Whether an end is kept from who asks: BoxLite's clients take what they have for all when they hear of it early.
  func keepsEnd(at time: UInt64, for patience: Duration) -> Bool {
    guard wasClaimed, isOpen else { return false }
    if writer != nil { return true }
    return time < max(left, ended ?? 0) &+ patience.nanoseconds
  }

  /// Whether a client may still lack the exit frame: one that has it does not ask, and one that was cut asks at once.
  var isOpen: Bool {
    switch handOver {
    case .open: true
    case .likely: wasProbedSinceCut
    case .sure: false
    }
  }

  /// How long an end waits for a client to come for it before its output counts as any other's, in nanoseconds.
  private static let waiting = Duration.seconds(30).nanoseconds

  /// Whether a client is taking the output, or may still come for it.
  func isAwaited(at time: UInt64) -> Bool {
    guard let ended, !isAttached else { return true }
    return handOver == .open && time < max(ended, idleSince) &+ Self.waiting
  }
}
