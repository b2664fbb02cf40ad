public import ExecModel
import Linux
import Synchronization

/// The text of one stream of a journal, live or finished.
///
/// It keeps a sparse index of lines in bounded memory, and reads everything else from the disk on demand.
public final class StreamText: Sendable {
  let reader: JournalReader
  let stream: ExecStream
  private let state = Mutex(State())

  private struct State {
    var index = LineIndex()
    var newest = LineIndex.Checkpoint(offset: 0, lines: 0)
    var nextRecord: UInt64 = 0
  }

  /// Makes a view of one stream; its index is empty until ``refresh(upTo:)``.
  public init(_ reader: JournalReader, _ stream: ExecStream) {
    self.reader = reader
    self.stream = stream
  }

  /// Extends the line index over the records up to `length` bytes of the stream.
  public func refresh(upTo length: UInt64) {
    state.withLock { state in
      guard state.newest.offset < length else { return }
      // A damaged record ends the index there; reading the text needs no records.
      try? reader.eachRecord(from: state.nextRecord) { number, _, record in
        state.nextRecord = number + 1
        guard record.outputStream == stream else { return true }
        state.newest = LineIndex.Checkpoint(offset: record.second, lines: record.third)
        state.index.note(record.second, lines: record.third)
        return record.second < length
      }
    }
  }

  /// The number of checkpoints in the index.
  var checkpointCount: Int { state.withLock { $0.index.checkpoints.count } }

  /// The nearest known positions around an offset.
  func around(offset: UInt64) -> (before: LineIndex.Checkpoint, after: LineIndex.Checkpoint?) {
    state.withLock { state in
      var found = state.index.around(offset: offset)
      if state.newest.offset <= offset { return (state.newest, nil) }
      if found.after == nil { found.after = state.newest }
      return found
    }
  }

  /// The last known position with fewer than `line` newlines before it.
  func before(line: UInt64) -> LineIndex.Checkpoint { state.withLock { $0.index.around(line: line).before } }

  /// Reads a part of the stream; nil when it was evicted or the disk fails.
  func fetch(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> Int? {
    switch try? reader.read(stream, at: offset, into: buffer) {
    case .bytes(let count): count
    case .evicted, nil: nil
    }
  }
}

extension StreamText {
  private static let stepSize = 256 << 10

  /// The number of newlines before `offset`; an evicted offset counts as the first kept one.
  public func lineNumber(at offset: UInt64) -> UInt64 {
    let head = reader.heads()[stream]
    let place = max(offset, head)
    let (before, after) = around(offset: place)
    let canCountUp = before.offset >= head
    if let after, !canCountUp || after.offset - place < place - before.offset {
      return after.lines - min(after.lines, newlines(in: place..<after.offset))
    }
    return before.lines &+ newlines(in: max(head, before.offset)..<place)
  }

  /// The offset at which line number `line` begins.
  public func offset(ofLine line: UInt64, limit: UInt64) -> UInt64 {
    let bounds = retained(limit: limit)
    let known = before(line: line)
    var start = min(max(known.offset, bounds.lowerBound), bounds.upperBound)
    let lines = start == known.offset ? known.lines : lineNumber(at: start)
    guard lines < line else { return start }
    var missing = line - lines
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.stepSize, alignment: 64)
    defer { buffer.deallocate() }
    while start < bounds.upperBound {
      guard let bytes = bytes(from: start, to: bounds.upperBound, buffer) else { break }
      let count = bytes.newlineCount
      if count >= missing { return start + Self.place(behindNewline: missing, in: bytes) }
      missing -= count
      start += UInt64(bytes.count)
    }
    return bounds.upperBound
  }

  /// Counts the newlines of a range, as far as it can be read.
  private func newlines(in range: Range<UInt64>) -> UInt64 {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.stepSize, alignment: 64)
    defer { buffer.deallocate() }
    var count: UInt64 = 0
    var start = range.lowerBound
    while start < range.upperBound, let bytes = bytes(from: start, to: range.upperBound, buffer) {
      count += bytes.newlineCount
      start += UInt64(bytes.count)
    }
    return count
  }

  /// The next bytes of a range, as many as the buffer holds; nil when there are none.
  private func bytes(
    from start: UInt64, to end: UInt64, _ buffer: UnsafeMutableRawBufferPointer
  ) -> UnsafeRawBufferPointer? {
    let size = Int(clamping: min(UInt64(buffer.count), end - start))
    let target = UnsafeMutableRawBufferPointer(rebasing: buffer[..<size])
    guard let count = fetch(at: start, into: target), count > 0 else { return nil }
    return UnsafeRawBufferPointer(rebasing: target[..<count])
  }

  /// The number of bytes up to the end of newline number `number`, counted from 1.
  private static func place(behindNewline number: UInt64, in bytes: UnsafeRawBufferPointer) -> UInt64 {
    var start = 0
    for _ in 0..<number {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
      guard let found = rest.firstNewline else { break }
      start += found + 1
    }
    return UInt64(start)
  }
}

extension StreamText: TextSource {
  /// How often a search is restarted at the new head when eviction removes bytes during it.
  private static let attempts = 4

  /// The kept bytes up to `limit`.
  public func retained(limit: UInt64) -> Range<UInt64> {
    let end = min(limit, UInt64(Int64.max))
    return min(reader.heads()[stream], end)..<end
  }

  /// Returns at most `count` pieces from `offset` on.
  public func pieces(from offset: UInt64, count: Int, limit: UInt64) -> [TextPiece] {
    scan(limit, else: []) { scanner, bounds in
      var pieces: [TextPiece] = []
      var start = scanner.boundary(atOrAfter: min(max(offset, bounds.lowerBound), bounds.upperBound))
      while pieces.count < count, start < bounds.upperBound {
        let end = scanner.boundary(after: start)
        guard !scanner.failed, let piece = scanner.piece(start..<end) else { break }
        pieces.append(piece)
        start = end
      }
      return pieces
    }
  }

  /// Returns the last `count` pieces that end at or before `offset`.
  public func pieces(before offset: UInt64, count: Int, limit: UInt64) -> [TextPiece] {
    scan(limit, else: []) { scanner, bounds in
      var pieces: [TextPiece] = []
      var end = bounds.upperBound
      if offset < end { end = offset <= bounds.lowerBound ? bounds.lowerBound : scanner.boundary(before: offset + 1) }
      while pieces.count < count, end > bounds.lowerBound {
        let start = scanner.boundary(before: end)
        guard !scanner.failed, let piece = scanner.piece(start..<end) else { break }
        pieces.append(piece)
        end = start
      }
      return pieces.reversed()
    }
  }

  /// The last boundary at or before `offset`.
  public func boundary(atOrBefore offset: UInt64, limit: UInt64) -> UInt64 {
    scan(limit, else: retained(limit: limit).lowerBound) { scanner, bounds in
      let place = min(offset, bounds.upperBound)
      return place <= bounds.lowerBound ? bounds.lowerBound : scanner.boundary(before: place + 1)
    }
  }

  /// Whether the byte before `offset` is a newline.
  public func endsLine(at offset: UInt64) -> Bool? {
    guard offset > 0 else { return nil }
    var byte: UInt8 = 0
    let count = withUnsafeMutableBytes(of: &byte) { fetch(at: offset - 1, into: $0) }
    return count == 1 ? byte == UInt8(ascii: "\n") : nil
  }

  private func scan<Result>(
    _ limit: UInt64, else fallback: Result, _ body: (inout PieceScanner, Range<UInt64>) -> Result
  ) -> Result {
    for _ in 0..<Self.attempts {
      let bounds = retained(limit: limit)
      guard !bounds.isEmpty else { break }
      var scanner = PieceScanner(bounds: bounds) { self.fetch(at: $0, into: $1) }
      let result = body(&scanner, bounds)
      if !scanner.failed { return result }
    }
    return fallback
  }
}
