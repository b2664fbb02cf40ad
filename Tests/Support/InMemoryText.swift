package import ExecModel
import Linux

/// A text in memory, cut by a direct implementation of the piece rule.
package struct InMemoryText: TextSource {
  /// All bytes of the stream, including evicted ones.
  package let bytes: [UInt8]
  /// The first kept offset.
  package let head: UInt64
  /// The positions of all newlines, including evicted ones.
  private let newlines: [Int]
  /// The starts of pieces, and the end if a piece would begin there.
  private let starts: [Int]

  /// Makes a text whose bytes below `head` count as evicted.
  package init(_ bytes: [UInt8], head: UInt64 = 0) {
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
        guard let place = rest.firstNewline else { break }
        found.append(start + place)
        start += place + 1
      }
      return found
    }
  }

  /// The cut at a block's end; nil when the kept part of the block is empty or holds a newline.
  private static func cut(at end: Int, _ bytes: [UInt8], head: Int, newlines: [Int], limit: Int) -> Int? {
    let start = max(head, end - Int(PieceRule.block))
    let before = newlines[..<place(end, in: newlines)]
    guard start < end, (before.last ?? -1) < start else { return nil }
    var cut = end
    while cut < limit, cut < end + Int(PieceRule.slack), PieceRule.continues(bytes[cut]) { cut += 1 }
    return cut
  }

  /// The number of elements below `number` in a sorted array.
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
  /// The kept bytes up to `limit`, or to the end if that is smaller.
  package func retained(limit: UInt64) -> Range<UInt64> {
    let end = min(limit, UInt64(bytes.count))
    return min(head, end)..<end
  }

  /// Returns at most `count` pieces from `offset` on.
  package func pieces(from offset: UInt64, count: Int, limit: UInt64) -> [TextPiece] {
    let end = Int(retained(limit: limit).upperBound)
    let first = Self.place(Int(clamping: offset), in: starts)
    let last = Self.place(end, in: starts)
    return (first..<max(first, last)).prefix(max(0, count)).map { piece($0, end) }
  }

  /// Returns the last `count` pieces that end at or before `offset`.
  package func pieces(before offset: UInt64, count: Int, limit: UInt64) -> [TextPiece] {
    let end = Int(retained(limit: limit).upperBound)
    var last = Self.place(end, in: starts)
    if offset < UInt64(end) { last = max(1, Self.place(Int(offset) + 1, in: starts)) - 1 }
    return (0..<last).suffix(max(0, count)).map { piece($0, end) }
  }

  /// The piece at an index of `starts`.
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
  package func boundary(atOrBefore offset: UInt64, limit: UInt64) -> UInt64 {
    let bounds = retained(limit: limit)
    let place = Int(min(max(offset, bounds.lowerBound), bounds.upperBound))
    if place == Int(bounds.upperBound), isCutShort(place) { return UInt64(place) }
    let known = Self.place(place + 1, in: starts)
    return known > 0 ? UInt64(min(starts[known - 1], place)) : bounds.lowerBound
  }

  /// Whether the limit splits a character past which a block's end would be moved.
  private func isCutShort(_ limit: Int) -> Bool {
    let end = limit - limit % Int(PieceRule.block)
    guard end > 0, limit - end < Int(PieceRule.slack) else { return false }
    return Self.cut(at: end, bytes, head: Int(head), newlines: newlines, limit: limit) == limit
  }

  /// Whether the byte before `offset` is a newline.
  package func endsLine(at offset: UInt64) -> Bool? {
    guard offset > head, offset <= bytes.count else { return nil }
    return bytes[Int(offset) - 1] == UInt8(ascii: "\n")
  }

  /// The number of newlines before `offset`; an evicted offset counts as the first kept one.
  package func lineNumber(at offset: UInt64) -> UInt64 {
    UInt64(Self.place(Int(clamping: max(offset, head)), in: newlines))
  }

  /// The offset at which line number `line` begins.
  package func offset(ofLine line: UInt64, limit: UInt64) -> UInt64 {
    let bounds = retained(limit: limit)
    guard line > 0, line <= newlines.count else { return line == 0 ? bounds.lowerBound : bounds.upperBound }
    return min(max(UInt64(newlines[Int(line) - 1]) + 1, bounds.lowerBound), bounds.upperBound)
  }
}
