import BoxLiteWire
import JSON

/// One execution of the test's server.
struct FakeExecution: Sendable {
  typealias Chunk = (channel: OutputChannel, bytes: [UInt8])

  var chunks: [Chunk] = []
  var code: Int32?
  /// Whether the exit code is reported although no client had the exit frame, as a real server does.
  var isTaken = false
  /// Whether a status is answered at all.
  var isKnown = true
  var input: [UInt8] = []
  var hasEndOfInput = false
  var signals: [Int32] = []
  var sizes: [ResizeBody] = []
  var queries: [String] = []

  /// The first chunk of each stream that its backlog still has.
  func backlog(keeping limit: Int) -> [OutputChannel: Int] {
    var first: [OutputChannel: Int] = [:]
    for channel in OutputChannel.allCases {
      var size = 0
      for (index, chunk) in chunks.enumerated().reversed() where chunk.channel == channel {
        // The newest chunk is always kept.
        guard size == 0 || size + chunk.bytes.count <= limit else { break }
        size += chunk.bytes.count
        first[channel] = index
      }
    }
    return first
  }

  var status: JSONValue {
    var members = [
      JSONMember("execution_id", .string("e")), JSONMember("status", .string(code == nil ? "running" : "completed")),
    ]
    if let code { members.append(JSONMember("exit_code", .integer(Int64(code)))) }
    return .object(members)
  }
}
