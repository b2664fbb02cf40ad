import ExecModel

/// What the server knows of one execution beside the engine: who is attached, and how far clients have it.
struct ExecutionRecord {
  let id: ExecutionID
  let box: String
  let command: String
  let started = Timestamp.now()
  /// Monotonic nanoseconds of the start.
  let begin: UInt64

  /// The claim of the one client that may write.
  var writer: UInt64?
  /// Clients that only read.
  var watchers = 0
  /// Whether a client with the claim has ever been there.
  var wasClaimed = false
  /// Bytes that were written to the last such client's socket.
  var sent = StreamCounts()
  /// Bytes of which that client proved that it has read them.
  var confirmed = StreamCounts()
  /// Whether that client was cut off, and asked for the status since.
  var wasProbedSinceCut = false
  /// Whether a client has the exit frame.
  var isHandedOver = false
  /// Monotonic nanoseconds since when nobody is attached.
  var idleSince: UInt64
  /// Monotonic nanoseconds of the end.
  var ended: UInt64?
  /// How often the reaper asked it to end.
  var warnings = 0

  init(id: ExecutionID, box: String, command: String, at time: UInt64) {
    (self.id, self.box, self.command) = (id, box, command)
    (begin, idleSince) = (time, time)
  }

  var isAttached: Bool { writer != nil || watchers > 0 }

  /// Whether an end is kept from who asks: BoxLite's clients take what they have for all when they hear of it early.
  func keepsEnd(at time: UInt64, for patience: Duration) -> Bool {
    guard wasClaimed, !isHandedOver else { return false }
    if writer != nil { return true }
    let since = max(idleSince, ended ?? 0)
    return time < since &+ patience.nanoseconds
  }
}
