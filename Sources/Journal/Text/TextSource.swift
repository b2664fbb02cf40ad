import CExecShims

/// A line of a stream, or a part of a line that is too long to be handled whole.
public struct TextPiece: Hashable, Sendable {
  /// The piece's bytes in the stream, its newline included.
  public var range: Range<UInt64>
  /// The piece's bytes without the newline.
  public var bytes: [UInt8]
  /// Whether a line begins here.
  public var startsLine: Bool
  /// Whether the line's newline ends it.
  public var endsLine: Bool

  /// Makes a piece.
  public init(range: Range<UInt64>, bytes: [UInt8], startsLine: Bool, endsLine: Bool) {
    self.range = range
    self.bytes = bytes
    self.startsLine = startsLine
    self.endsLine = endsLine
  }
}

/// The text of one stream, in pieces of bounded length: what a screen draws from.
///
/// A boundary of pieces stands after every newline, at the first kept offset, and at each offset that is a multiple of
/// 32 KiB when the kept part of the 32 KiB before it holds no newline; such a boundary is moved forward by up to 3 bytes
/// so as not to split a UTF-8 character. Whether an offset is a boundary thus depends on nothing but the bytes near it:
/// pieces are the same whichever way one comes. `limit` is where the text ends for this call: the stream's length as the
/// caller knows it.
public protocol TextSource: Sendable {
  /// The first kept offset up to `limit`, or to the length when that is smaller.
  func retained(limit: UInt64) -> Range<UInt64>
  /// At most `count` pieces from `offset` on; an offset that is no boundary is moved forward to one.
  func pieces(from offset: UInt64, count: Int, limit: UInt64) -> [TextPiece]
  /// The last `count` pieces that end at or before `offset`, in the stream's order.
  func pieces(before offset: UInt64, count: Int, limit: UInt64) -> [TextPiece]
  /// The last boundary at or before `offset`; where the text ends counts only when a piece would begin there.
  func boundary(atOrBefore offset: UInt64, limit: UInt64) -> UInt64
  /// Whether the byte before `offset` is a newline; nil when that byte cannot be had.
  func endsLine(at offset: UInt64) -> Bool?
  /// Newlines before `offset`, evicted ones included: the number, from 0, of the line it stands in.
  func lineNumber(at offset: UInt64) -> UInt64
  /// Where line number `line` begins; the first kept offset when that is evicted, `limit` when there is no such line.
  func offset(ofLine line: UInt64, limit: UInt64) -> UInt64
}

/// A text in memory, cut by the plainest reading of the piece rule; for tests of screens, and as the measure of
/// ``StreamText``.
public struct InMemoryText: TextSource {
  /// All bytes of the stream, evicted ones too.
  public let bytes: [UInt8]
  /// The first kept offset.
  public let head: UInt64
  /// Where all the newlines stand, evicted ones too.
  private let newlines: [Int]
  /// Where pieces begin, and the end when one would begin there.
  private let starts: [Int]

  /// Makes a text whose bytes below `head` count as evicted.
  public init(_ bytes: [UInt8], head: UInt64 = 0) {
    self.bytes = bytes
    self.head = min(head, UInt64(bytes.count))
    newlines = Self.newlines(bytes)
    let head = Int(self.head)
    let kept = newlines.filter { $0 >= head }
    let cuts = stride(from: Int(PieceRule.block), through: bytes.count, by: Int(PieceRule.block)).compactMap {
      Self.cut(at: $0, bytes, head: head, newlines: kept, limit: bytes.count)
    }
    starts = Set([head] + kept.map { $0 + 1 } + cuts).sorted()
  }

  private static func newlines(_ bytes: [UInt8]) -> [Int] {
    bytes.withUnsafeBytes { bytes in
      var found: [Int] = []
      var start = 0
      while start < bytes.count {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
        let place = cexec_first_newline(rest.baseAddress, rest.count)
        guard place >= 0 else { break }
        found.append(start + Int(place))
        start += Int(place) + 1
      }
      return found
    }
  }

  /// The cut that a block's end makes; nil when the kept part of the block holds a newline, or there is no such part.
  private static func cut(at end: Int, _ bytes: [UInt8], head: Int, newlines: [Int], limit: Int) -> Int? {
    let start = max(head, end - Int(PieceRule.block))
    let before = newlines[..<place(end, in: newlines)]
    guard start < end, (before.last ?? -1) < start else { return nil }
    var cut = end
    while cut < limit, cut < end + Int(PieceRule.slack), PieceRule.continues(bytes[cut]) { cut += 1 }
    return cut
  }

  /// How many of the sorted numbers are below `number`.
  private static func place(_ number: Int, in sorted: [Int]) -> Int {
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < number { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension InMemoryText {
  /// The kept bytes up to `limit`, or to the end when that comes first.
  public func retained(limit: UInt64) -> Range<UInt64> {
    let end = min(limit, UInt64(bytes.count))
    return min(head, end)..<end
  }

  /// At most `count` pieces from `offset` on.
  public func pieces(from offset: UInt64, count: Int, limit: UInt64) -> [TextPiece] {
    let end = Int(retained(limit: limit).upperBound)
    let first = Self.place(Int(clamping: offset), in: starts)
    let last = Self.place(end, in: starts)
    return (first..<max(first, last)).prefix(max(0, count)).map { piece($0, end) }
  }

  /// The last `count` pieces that end at or before `offset`.
  public func pieces(before offset: UInt64, count: Int, limit: UInt64) -> [TextPiece] {
    let end = Int(retained(limit: limit).upperBound)
    var last = Self.place(end, in: starts)
    if offset < UInt64(end) { last = max(1, Self.place(Int(offset) + 1, in: starts)) - 1 }
    return (0..<last).suffix(max(0, count)).map { piece($0, end) }
  }

  /// The piece that begins at start number `index`.
  private func piece(_ index: Int, _ limit: Int) -> TextPiece {
    let start = starts[index]
    let end = index + 1 < starts.count ? min(starts[index + 1], limit) : limit
    let content = bytes[start..<end]
    let endsLine = content.last == UInt8(ascii: "\n")
    let startsLine = start == 0 || (start > Int(head) && bytes[start - 1] == UInt8(ascii: "\n"))
    return TextPiece(
      range: UInt64(start)..<UInt64(end), bytes: Array(endsLine ? content.dropLast() : content),
      startsLine: startsLine, endsLine: endsLine)
  }

  /// The last boundary at or before `offset`.
  public func boundary(atOrBefore offset: UInt64, limit: UInt64) -> UInt64 {
    let bounds = retained(limit: limit)
    let place = Int(min(max(offset, bounds.lowerBound), bounds.upperBound))
    if place == Int(bounds.upperBound), isCutShort(place) { return UInt64(place) }
    let known = Self.place(place + 1, in: starts)
    return known > 0 ? UInt64(min(starts[known - 1], place)) : bounds.lowerBound
  }

  /// Whether the limit cuts a character that a block's end would be moved behind.
  private func isCutShort(_ limit: Int) -> Bool {
    let end = limit - limit % Int(PieceRule.block)
    guard end > 0, limit - end < Int(PieceRule.slack) else { return false }
    return Self.cut(at: end, bytes, head: Int(head), newlines: newlines, limit: limit) == limit
  }

  /// Whether the byte before `offset` is a newline.
  public func endsLine(at offset: UInt64) -> Bool? {
    guard offset > head, offset <= bytes.count else { return nil }
    return bytes[Int(offset) - 1] == UInt8(ascii: "\n")
  }

  /// Newlines before `offset`; an evicted offset counts as the first kept one.
  public func lineNumber(at offset: UInt64) -> UInt64 {
    UInt64(Self.place(Int(clamping: max(offset, head)), in: newlines))
  }

  /// Where line number `line` begins.
  public func offset(ofLine line: UInt64, limit: UInt64) -> UInt64 {
    let bounds = retained(limit: limit)
    guard line > 0, line <= newlines.count else { return line == 0 ? bounds.lowerBound : bounds.upperBound }
    return min(max(UInt64(newlines[Int(line) - 1]) + 1, bounds.lowerBound), bounds.upperBound)
  }
}
