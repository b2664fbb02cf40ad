import ExecModel
import Journal

/// The server's state of one execution beside the engine's: its attached clients, and how much
/// output they have received.
struct ExecutionRecord {
  let id: ExecutionID
  /// The client's box; nil when no client of this server started it, so that it is not ended for
  /// lack of clients.
  let box: String?
  let command: String
  /// The approximate number of bytes it takes to keep, the engine's part included.
  let cost: Int
  let started = Timestamp.now()
  /// The time of the start, in monotonic nanoseconds.
  let begin: UInt64

  /// The claim of the one client that may write.
  var writer: UInt64?
  /// Whether the writer's kernel has the exit frame: the writer may disconnect at any moment, and
  /// another client may attach.
  var isWriterDone = false
  /// The number of read-only clients.
  var watchers = 0
  /// Whether a client with the claim has ever attached.
  var wasClaimed = false
  /// Whether the last such client named its start offsets: its progress says nothing about another
  /// client's.
  var isNamed = false
  /// The number of bytes written to the last such client's socket.
  var sent = PerStream<UInt64>()
  /// The number of those bytes that the client has acknowledged.
  var confirmed = PerStream<UInt64>()
  /// The time of the first status request that may belong to the last cut, in monotonic
  /// nanoseconds.
  var probed: UInt64?
  /// The time the last writer left, in monotonic nanoseconds.
  var left: UInt64 = 0
  /// Whether a client has the exit frame.
  var handOver = HandOver.open
  /// The time since which no client is attached, in monotonic nanoseconds.
  var idleSince: UInt64
  /// The time of the end, in monotonic nanoseconds.
  var ended: UInt64?
  /// The number of times the reaper has requested its end.
  var warnings = 0
  /// Protects the record on disk from pruning until a client has received its end or has failed to
  /// return for it.
  var hold: JournalHold?

  /// The maximum number of bytes of a command in lists: every list includes it, and it may be as
  /// long as a request body.
  private static let shown = 4096
  /// The cost of an execution beside its command and variables.
  private static let base = 8192

  init(id: ExecutionID, box: String?, spec: ExecutionSpec, at time: UInt64) {
    (self.id, self.box, command) = (id, box, Self.text(of: spec))
    cost = Self.cost(of: spec)
    (begin, idleSince) = (time, time)
  }

  /// The command as shown in lists.
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

  /// Whether the last writer requested the status after it was cut, as BoxLite's clients do before
  /// they reconnect.
  ///
  /// The request may arrive a moment before the server notices the cut.
  var wasProbedSinceCut: Bool {
    guard let probed, wasClaimed, writer == nil else { return false }
    return probed &+ Self.window >= left && (handOver == .open || probed <= left &+ Self.window)
  }

  /// The maximum time between a cut and the status request after it, on either side's clock.
  private static let window = Duration.seconds(5).nanoseconds

  /// Records a status request.
  mutating func probe(at time: UInt64) {
    if let probed, probed &+ Self.window >= left, writer == nil { return }
    probed = time
  }

  var clients: Int { watchers + (writer == nil ? 0 : 1) }

  var isAttached: Bool { writer != nil || watchers > 0 }

  /// Whether the end is withheld from a status request: BoxLite's clients take the output they have
  /// for all of it when they learn of the end early.
  func keepsEnd(at time: UInt64, for patience: Duration) -> Bool {
    guard wasClaimed, isOpen else { return false }
    if writer != nil { return true }
    return time < max(left, ended ?? 0) &+ patience.nanoseconds
  }

  /// Whether a client may still lack the exit frame: a client that has it sends no status request,
  /// and a client that was cut sends one at once.
  var isOpen: Bool {
    switch handOver {
    case .open: true
    case .likely: wasProbedSinceCut
    case .sure: false
    }
  }

  /// How long the end waits for a client to return before its output counts as any other's, in
  /// nanoseconds.
  private static let waiting = Duration.seconds(30).nanoseconds

  /// Whether a client is receiving the output, or may still return for it.
  func isAwaited(at time: UInt64) -> Bool {
    guard let ended, !isAttached else { return true }
    return handOver == .open && time < max(ended, idleSince) &+ Self.waiting
  }
}
