/// The last bytes of one stream, as many as a server may replay; without a gap among them.
struct StreamTail {
  /// Bytes that a replay may begin before the end, but for the largest chunk.
  private var limit = ReplaySeam.backlog + 65_536
  private var buffer: [UInt8] = []

  /// The bytes.
  var bytes: [UInt8] { Array(buffer.suffix(limit)) }

  /// Adds bytes that follow.
  mutating func append(_ bytes: [UInt8]) {
    // The newest chunk is always kept, however large it is.
    limit = max(limit, ReplaySeam.backlog + bytes.count)
    buffer += bytes
    // Half of it at a time: moving the rest down for each chunk would cost more than the chunk.
    if buffer.count > limit * 2 { buffer.removeFirst(buffer.count - limit) }
  }

  /// Starts anew with bytes that do not follow.
  mutating func restart(with bytes: [UInt8]) {
    buffer = []
    append(bytes)
  }
}
