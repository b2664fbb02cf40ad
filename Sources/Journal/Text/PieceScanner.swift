import ExecModel
import Linux

/// Finds the boundaries of pieces in a stream, forward and backward, reading only bytes near the current offset.
struct PieceScanner: ~Copyable {
  private let head: UInt64
  private let limit: UInt64
  private var window: ByteWindow

  /// Makes a scanner over the bytes `bounds`.
  init(bounds: Range<UInt64>, fetch: @escaping ByteWindow.Fetch) {
    head = bounds.lowerBound
    limit = bounds.upperBound
    window = ByteWindow(bounds: bounds, size: 128 << 10, fetch: fetch)
  }

  /// Whether some bytes were not available, so that the results are invalid.
  var failed: Bool { window.failed }

  /// The first boundary at or after `offset`, or the limit.
  mutating func boundary(atOrAfter offset: UInt64) -> UInt64 {
    offset <= head ? head : boundary(after: offset - 1)
  }

  /// The first boundary after `offset`, or the limit.
  mutating func boundary(after offset: UInt64) -> UInt64 {
    let reach = min(limit, offset &+ PieceRule.longest &+ 1)
    let newline = firstNewline(offset..<max(offset, reach))
    let lineEnd = newline.map { $0 + 1 } ?? limit
    var end = PieceRule.blockEnd(atOrBefore: offset)
    while end < lineEnd, !failed {
      if end > head, let cut = cut(at: end, after: offset) { return cut }
      end += PieceRule.block
    }
    return lineEnd
  }

  /// The cut at a block's end, if it lies after `offset`; requires that there is no newline from `offset` to the end.
  private mutating func cut(at end: UInt64, after offset: UInt64) -> UInt64? {
    let cut = moved(end)
    let start = max(head, end - min(end, PieceRule.block))
    guard cut > offset, lastNewline(start..<max(start, min(offset, end))) == nil else { return nil }
    return cut
  }

  /// The last boundary before `offset`, which is greater than the first kept offset and at most one past the limit.
  mutating func boundary(before offset: UInt64) -> UInt64 {
    let low = max(head, offset - min(offset, 2 * PieceRule.block + 2 * (PieceRule.slack + 1)))
    let newline = lastNewline(low..<max(low, offset - 1))
    let floor = newline.map { $0 + 1 } ?? low
    var end = PieceRule.blockEnd(atOrBefore: offset - 1)
    while end > floor, !failed {
      let cut = moved(end)
      if cut < offset { return max(head, end - min(end, PieceRule.block)) >= floor ? cut : floor }
      end -= PieceRule.block
    }
    return floor
  }

  /// A block's end, moved past the UTF-8 character that it would split.
  private mutating func moved(_ end: UInt64) -> UInt64 {
    var cut = end
    while cut < limit, cut < end + PieceRule.slack, let byte = byte(at: cut), PieceRule.continues(byte) { cut += 1 }
    return cut
  }

  /// The piece between two boundaries; nil when its bytes are not available.
  mutating func piece(_ range: Range<UInt64>) -> TextPiece? {
    let startsLine = range.lowerBound == 0 || byte(before: range.lowerBound) == UInt8(ascii: "\n")
    guard let bytes = window.bytes(range), let last = bytes.last else { return nil }
    let endsLine = last == UInt8(ascii: "\n")
    return TextPiece(
      range: range, bytes: [UInt8](endsLine ? bytes.dropLast() : bytes[...]), startsLine: startsLine,
      endsLine: endsLine)
  }

  private mutating func byte(at offset: UInt64) -> UInt8? { window.bytes(offset..<(offset + 1))?.first }

  private mutating func byte(before offset: UInt64) -> UInt8? {
    offset > head ? window.bytes((offset - 1)..<offset, backward: true)?.first : nil
  }

  private static let slice: UInt64 = 8 << 10

  private mutating func firstNewline(_ range: Range<UInt64>) -> UInt64? {
    var start = range.lowerBound
    while start < range.upperBound {
      let end = min(range.upperBound, start + Self.slice)
      guard let bytes = window.bytes(start..<end) else { return nil }
      if let found = bytes.firstNewline { return start + UInt64(found) }
      start = end
    }
    return nil
  }

  private mutating func lastNewline(_ range: Range<UInt64>) -> UInt64? {
    var end = range.upperBound
    while end > range.lowerBound {
      let start = max(range.lowerBound, end - min(end, Self.slice))
      guard let bytes = window.bytes(start..<end, backward: true) else { return nil }
      if let found = bytes.lastNewline { return start + UInt64(found) }
      end = start
    }
    return nil
  }
}

/// Positions of a stream with known line numbers, at most ``capacity``.
///
/// When it is full, every second position is removed and the distance doubles.
struct LineIndex: Sendable {
  /// A position: `lines` is the number of newlines before `offset`.
  struct Checkpoint: Hashable, Sendable {
    var offset: UInt64
    var lines: UInt64
  }

  /// The maximum number of checkpoints.
  static let capacity = 4096

  private(set) var checkpoints = [Checkpoint(offset: 0, lines: 0)]
  private(set) var stride: UInt64 = 64 << 10

  /// Adds a position after all others.
  mutating func note(_ offset: UInt64, lines: UInt64) {
    guard let last = checkpoints.last, offset >= last.offset, offset - last.offset >= stride else { return }
    if checkpoints.count == Self.capacity { thin() }
    checkpoints.append(Checkpoint(offset: offset, lines: lines))
  }

  private mutating func thin() {
    checkpoints = Swift.stride(from: 0, to: checkpoints.count, by: 2).map { checkpoints[$0] }
    stride *= 2
  }

  /// The last checkpoint at or before `offset`, and the first one after it.
  func around(offset: UInt64) -> (before: Checkpoint, after: Checkpoint?) { pair { $0.offset > offset } }

  /// The last checkpoint with fewer newlines than `line` before it, and the next one.
  func around(line: UInt64) -> (before: Checkpoint, after: Checkpoint?) { pair { $0.lines >= line } }

  private func pair(_ isAfter: (Checkpoint) -> Bool) -> (before: Checkpoint, after: Checkpoint?) {
    var low = 0
    var high = checkpoints.count
    while low < high {
      let middle = (low + high) / 2
      if isAfter(checkpoints[middle]) { high = middle } else { low = middle + 1 }
    }
    let before = low > 0 ? checkpoints[low - 1] : Checkpoint(offset: 0, lines: 0)
    return (before, low < checkpoints.count ? checkpoints[low] : nil)
  }
}
