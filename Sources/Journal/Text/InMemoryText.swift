/// A text in memory, cut by the plainest reading of the piece rule; for tests of screens, and as the measure of
/// ``StreamText``.
public struct InMemoryText: TextSource {
  /// All bytes of the stream, evicted ones too.
  public let bytes: [UInt8]
  /// The first kept offset.
  public let head: UInt64
  private let wholeBoundaries: [UInt64]

  /// Makes a text whose bytes below `head` count as evicted.
  public init(_ bytes: [UInt8], head: UInt64 = 0) {
    self.bytes = bytes
    self.head = min(head, UInt64(bytes.count))
    wholeBoundaries = Self.boundaries(bytes, head: Int(self.head), limit: bytes.count)
  }

  private static func boundaries(_ bytes: [UInt8], head: Int, limit: Int) -> [UInt64] {
    let block = Int(PieceRule.block)
    var found: Set<UInt64> = [UInt64(head)]
    var lastNewline = -1
    for place in head..<max(head, limit) where bytes[place] == UInt8(ascii: "\n") { found.insert(UInt64(place) + 1) }
    for end in stride(from: block, through: limit, by: block) where end > head {
      let start = max(head, end - block)
      lastNewline = bytes[start..<end].lastIndex(of: UInt8(ascii: "\n")) ?? -1
      guard lastNewline < start else { continue }
      var cut = end
      while cut < limit, cut < end + Int(PieceRule.slack), PieceRule.continues(bytes[cut]) { cut += 1 }
      found.insert(UInt64(cut))
    }
    return found.sorted()
  }

  /// The boundaries up to the limit, the limit itself only when a piece would begin there.
  private func boundaries(_ limit: UInt64) -> [UInt64] {
    let end = Int(clamping: limit)
    return end >= bytes.count ? wholeBoundaries : Self.boundaries(bytes, head: min(Int(head), end), limit: end)
  }

  public func retained(limit: UInt64) -> Range<UInt64> {
    let end = min(limit, UInt64(bytes.count))
    return min(head, end)..<end
  }

  public func pieces(from offset: UInt64, count: Int, limit: UInt64) -> [TextPiece] {
    let all = pieces(limit)
    return Array(all.drop { $0.range.lowerBound < offset }.prefix(max(0, count)))
  }

  public func pieces(before offset: UInt64, count: Int, limit: UInt64) -> [TextPiece] {
    Array(pieces(limit).prefix { $0.range.upperBound <= offset }.suffix(max(0, count)))
  }

  private func pieces(_ limit: UInt64) -> [TextPiece] {
    let bounds = retained(limit: limit)
    let starts = boundaries(limit).filter { $0 < bounds.upperBound }
    return zip(starts, starts.dropFirst() + [bounds.upperBound]).map { piece($0..<$1) }
  }

  private func piece(_ range: Range<UInt64>) -> TextPiece {
    let start = Int(range.lowerBound)
    let content = bytes[start..<Int(range.upperBound)]
    let endsLine = content.last == UInt8(ascii: "\n")
    let startsLine = start == 0 || (range.lowerBound > head && bytes[start - 1] == UInt8(ascii: "\n"))
    return TextPiece(
      range: range, bytes: Array(endsLine ? content.dropLast() : content), startsLine: startsLine, endsLine: endsLine)
  }

  public func boundary(atOrBefore offset: UInt64, limit: UInt64) -> UInt64 {
    boundaries(limit).last { $0 <= offset } ?? retained(limit: limit).lowerBound
  }

  public func lineNumber(at offset: UInt64) -> UInt64 {
    let place = Int(clamping: min(max(offset, head), UInt64(bytes.count)))
    return UInt64(bytes[..<place].count { $0 == UInt8(ascii: "\n") })
  }

  public func offset(ofLine line: UInt64, limit: UInt64) -> UInt64 {
    let bounds = retained(limit: limit)
    guard lineNumber(at: bounds.lowerBound) < line else { return bounds.lowerBound }
    var missing = line
    for (place, byte) in bytes[..<Int(bounds.upperBound)].enumerated() where byte == UInt8(ascii: "\n") {
      missing -= 1
      if missing == 0 { return UInt64(place) + 1 }
    }
    return bounds.upperBound
  }
}
