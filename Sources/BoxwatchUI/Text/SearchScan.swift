import Journal

/// One bounded step of a search through a stream.
enum SearchScan {
  /// Bytes that one step looks at; some milliseconds' work.
  static let budget: UInt64 = 1 << 20

  /// What a step came to.
  enum Result: Hashable, Sendable {
    /// This piece has a match.
    case found(UInt64)
    /// Not yet: go on from here.
    case more(PaneSearch.Scan)
    /// The stream has no further match in this direction.
    case nothing
  }

  /// Looks through the next stretch of a stream.
  static func step(_ scan: PaneSearch.Scan, needle: Needle, in source: any TextSource, limit: UInt64) -> Result {
    var offset = scan.offset
    var spent: UInt64 = 0
    while spent < budget {
      let pieces =
        scan.isForward
        ? source.pieces(from: offset, count: 64, limit: limit)
        : source.pieces(before: offset, count: 64, limit: limit).reversed()
      for piece in pieces where needle.isFound(in: piece.bytes) { return .found(piece.range.lowerBound) }
      guard let last = pieces.last else { return .nothing }
      let next = scan.isForward ? last.range.upperBound : last.range.lowerBound
      guard next != offset else { return .nothing }
      spent += next > offset ? next - offset : offset - next
      offset = next
    }
    return .more(PaneSearch.Scan(offset: offset, isForward: scan.isForward))
  }
}
