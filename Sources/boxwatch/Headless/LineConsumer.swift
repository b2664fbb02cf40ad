import ExecModel
import Journal
import Synchronization

/// Writes one stream line by line, each with a prefix; a last line without a newline gets one.
final class LineConsumer: EventConsumer {
  /// A line longer than this is written in pieces, so that memory stays flat.
  static let longest = 64 << 10
  /// Room for a line of this length stays when it is written: a thousand executions have a thousand lines.
  private static let keptCapacity = 1 << 10

  private struct State {
    let reader: StreamReader
    var line: [UInt8] = []
    /// When its first byte came; nil when the record has no possible time.
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
    state = Mutex(State(reader: StreamReader(buffer, missing: losses.report)))
  }

  func take(_ event: RecordedEvent, _ journal: JournalReader) throws {
    let wall = journal.identity.moment(of: event)
    try state.withLock { state in
      switch event.event {
      case .output(stream, let range, _):
        let reader = state.reader
        try reader.read(journal, stream, range) { offset, bytes in
          // A line whose middle is missing is two.
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
