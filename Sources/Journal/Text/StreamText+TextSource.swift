import ExecModel

extension StreamText: TextSource {
  /// Eviction may take bytes away while they are looked at; then the search starts again at the new head, so often.
  private static let attempts = 4

  /// The kept bytes up to `limit`.
  public func retained(limit: UInt64) -> Range<UInt64> {
    let end = min(limit, UInt64(Int64.max))
    return min(reader.heads()[stream], end)..<end
  }

  /// At most `count` pieces from `offset` on.
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

  /// The last `count` pieces that end at or before `offset`.
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
