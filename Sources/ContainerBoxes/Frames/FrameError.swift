/// Why bytes are no frames.
enum FrameError: Error, Hashable, Sendable, CustomStringConvertible {
  /// No stream has this number.
  case unknownStream(UInt8)
  /// The three bytes after the stream's number are not zero.
  case badHeader

  /// One sentence for a person.
  var description: String {
    switch self {
    case .unknownStream(let number): "the engine sent a frame of stream \(number), which does not exist"
    case .badHeader: "the engine sent bytes that are no frame"
    }
  }
}
