import Cells
import Console
import ExecEngine
import ExecModel
import Glibc
import Journal
import Linux
import Synchronization

/// The prefix of each line.
struct LinePrefix: Sendable {
  /// The maximum width of a name, which appears in every line.
  private static let widest = 200

  private let name: String?
  private let timestamps: Bool
  private let isAlone: Bool

  /// - Parameters:
  ///   - name: the execution's name, when lines are tagged.
  ///   - isAlone: whether it is the only execution, whose name is then left out.
  init(name: String?, isAlone: Bool, _ timestamps: Bool) {
    self.name = name.map { SafeText.elided($0, to: Self.widest) }
    self.isAlone = isAlone
    self.timestamps = timestamps
  }

  /// The prefix of a line of `stream` that arrived at `wall` nanoseconds since 1970; nil for an
  /// invalid time.
  func text(_ stream: ExecStream, at wall: UInt64?) -> String {
    var parts: [String] = []
    if timestamps { parts.append(wall.map { WallClock.text($0) } ?? "(unknown time)") }
    if let name { parts.append(isAlone ? stream.name : "\(name) \(stream.name)") }
    return parts.joined(separator: " ") + " | "
  }
}

/// Writes one stream line by line, each with a prefix; a last line without a newline gets one.
final class LineConsumer: EventConsumer {
  /// A longer line is written in pieces, so that memory stays bounded.
  static let longest = 64 << 10
  /// A buffer up to this size is kept after a line is written: a thousand executions have a
  /// thousand buffers.
  private static let keptCapacity = 1 << 10

  private struct State {
    let reader: RecordedOutputReader
    var line: [UInt8] = []
    /// When its first byte arrived; nil when the record has no valid time.
    var began: UInt64?
    var end: UInt64 = 0
  }

  private let stream: ExecStream
  private let output: OutputDescriptor
  private let prefix: LinePrefix
  private let onClosed: @Sendable () -> Void
  private let state: Mutex<State>

  init(
    _ stream: ExecStream, _ output: OutputDescriptor, _ prefix: LinePrefix, losses: Losses = .fail,
    _ buffer: ReadBuffer, onClosed: @escaping @Sendable () -> Void
  ) {
    self.stream = stream
    self.output = output
    self.prefix = prefix
    self.onClosed = onClosed
    state = Mutex(State(reader: RecordedOutputReader(buffer, missing: losses.report)))
  }

  func take(_ event: RecordedEvent, _ journal: JournalReader) throws {
    let wall = journal.identity.moment(of: event)
    try state.withLock { state in
      switch event.event {
      case .output(stream, let range, _, _):
        let reader = state.reader
        try reader.read(journal, stream, range) { offset, bytes in
          // A line with bytes missing in the middle is written as two lines.
          if offset > state.end, !state.line.isEmpty { try flush(&state) }
          state.end = offset + UInt64(bytes.count)
          try add(bytes, at: wall, &state)
        }
      case .exit: try finish(&state)
      default: break
      }
    }
  }

  func finish() throws { try state.withLock { try finish(&$0) } }

  private func finish(_ state: inout State) throws {
    if !state.line.isEmpty { try flush(&state) }
    try state.reader.finish(stream)
  }

  private func add(_ bytes: UnsafeRawBufferPointer, at wall: UInt64?, _ state: inout State) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      if state.line.isEmpty { state.began = wall }
      let room = rest.prefix(Self.longest - state.line.count)
      let end = room.firstIndex(of: UInt8(ascii: "\n")) ?? room.endIndex
      state.line += rest[..<end]
      let foundEnd = end < room.endIndex
      rest = rest[(foundEnd ? end + 1 : end)...]
      if foundEnd || state.line.count >= Self.longest { try flush(&state) }
    }
  }

  private func flush(_ state: inout State) throws {
    let line = Array(prefix.text(stream, at: state.began).utf8) + state.line + [UInt8(ascii: "\n")]
    state.line.removeAll(keepingCapacity: state.line.count <= Self.keptCapacity)
    if try line.withUnsafeBytes({ try output.write($0) }) == .closed { onClosed() }
  }
}

/// Joins a stream's chunks so that a character split between two chunks is decoded whole.
struct UTF8Joiner {
  /// A piece of the stream: text where it is valid UTF-8, bytes where it is not.
  enum Piece: Equatable {
    case text(String)
    case bytes([UInt8])
  }

  /// The start of a character whose rest has not arrived; at most three bytes.
  private(set) var rest: [UInt8] = []

  /// Adds a chunk; returns the decoded piece, or nil when there is only the start of a character.
  mutating func take(_ chunk: some Collection<UInt8>) -> Piece? {
    var bytes = rest + chunk
    rest = []
    if let text = String(validating: bytes, as: UTF8.self) { return bytes.isEmpty ? nil : .text(text) }
    let cut = Self.incompleteSuffix(bytes)
    guard cut > 0, let text = String(validating: bytes.dropLast(cut), as: UTF8.self) else { return .bytes(bytes) }
    rest = Array(bytes.suffix(cut))
    bytes.removeLast(cut)
    return bytes.isEmpty ? nil : .text(text)
  }

  /// The remaining bytes at the end of the stream.
  mutating func finish() -> Piece? {
    defer { rest = [] }
    return rest.isEmpty ? nil : .bytes(rest)
  }

  /// The number of bytes at the end that start an incomplete character.
  private static func incompleteSuffix(_ bytes: [UInt8]) -> Int {
    for count in 1...3 where bytes.count >= count {
      let byte = bytes[bytes.count - count]
      if byte & 0xC0 == 0x80 { continue }
      return length(ofCharacterBeginning: byte) > count ? count : 0
    }
    return 0
  }

  /// The length of a character by its first byte (RFC 3629); 1 for an invalid first byte.
  private static func length(ofCharacterBeginning byte: UInt8) -> Int {
    switch byte {
    case 0xC2...0xDF: 2
    case 0xE0...0xEF: 3
    case 0xF0...0xF4: 4
    default: 1
    }
  }
}
