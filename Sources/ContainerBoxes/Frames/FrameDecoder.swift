import ExecModel

/// Why bytes are not frames.
enum FrameError: Error, Hashable, Sendable, CustomStringConvertible {
  /// No stream has this number.
  case unknownStream(UInt8)
  /// The three bytes after the stream's number are not zero.
  case badHeader

  /// One sentence for the user.
  var description: String {
    switch self {
    case .unknownStream(let number): "the engine sent a frame of stream \(number), which does not exist"
    case .badHeader: "the engine sent bytes that are not a frame"
    }
  }
}

/// The meaning of a run of bytes within a chunk.
enum FramePiece: Hashable, Sendable {
  /// Bytes of a stream, by their range in the chunk.
  case output(ExecStream, Range<Int>)
  /// Bytes of a message of the engine (stream number 3), by their range in the chunk.
  case complaint(Range<Int>)

  /// Its number of bytes.
  var count: Int {
    switch self {
    case .output(_, let range), .complaint(let range): range.count
    }
  }
}

/// Decodes a command's output from an engine: eight-byte headers with payload, or a terminal's
/// bytes unchanged.
///
/// A header is the stream's number (0 and 1 standard output, 2 standard error, 3 a message of the
/// engine's), three zero bytes and the payload's length, big-endian (Docker Engine API,
/// ContainerAttach). A length is only counted down, and nothing is copied: pieces are ranges of the
/// caller's chunk.
struct FrameDecoder: Hashable, Sendable {
  /// The format of the bytes.
  enum Layout: Hashable, Sendable {
    /// With headers, two streams.
    case framed
    /// A terminal: everything is standard output.
    case raw
  }

  static let headerSize = 8

  private let layout: Layout
  private var header: UInt64 = 0
  private var headerCount = 0
  private var remaining: UInt32 = 0
  private var target: UInt8 = 1

  init(_ layout: Layout) { self.layout = layout }

  /// Whether no header or payload is incomplete, so that an end here cuts nothing.
  var isBetweenFrames: Bool { headerCount == 0 && remaining == 0 }

  /// The next run of payload in a chunk from `offset` on; nil when the chunk is used up.
  ///
  /// Headers are consumed, and `offset` moves past them. The run itself counts as consumed only
  /// after ``take(_:)``.
  ///
  /// - Throws: ``FrameError``; decoding cannot continue after it.
  mutating func piece(in bytes: borrowing RawSpan, at offset: inout Int) throws(FrameError) -> FramePiece? {
    guard layout == .framed else {
      return offset < bytes.byteCount ? .output(.stdout, offset..<bytes.byteCount) : nil
    }
    while remaining == 0, offset < bytes.byteCount {
      try read(bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self))
      offset += 1
    }
    let length = min(bytes.byteCount - offset, Int(remaining))
    guard length > 0 else { return nil }
    let range = offset..<(offset + length)
    switch target {
    case 2: return .output(.stderr, range)
    case 3: return .complaint(range)
    default: return .output(.stdout, range)
    }
  }

  /// Records that bytes of the last run were consumed.
  mutating func take(_ count: Int) {
    guard layout == .framed else { return }
    remaining -= UInt32(clamping: min(count, Int(remaining)))
  }

  private mutating func read(_ byte: UInt8) throws(FrameError) {
    header = header << 8 | UInt64(byte)
    headerCount += 1
    guard headerCount == Self.headerSize else { return }
    defer { (header, headerCount) = (0, 0) }
    guard header >> 32 & 0xFF_FFFF == 0 else { throw .badHeader }
    let number = UInt8(truncatingIfNeeded: header >> 56)
    guard number <= 3 else { throw .unknownStream(number) }
    target = number
    remaining = UInt32(truncatingIfNeeded: header)
  }
}
