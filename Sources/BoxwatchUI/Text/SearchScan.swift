import Journal

/// One bounded step of a search through a stream.
enum SearchScan {
  /// Bytes that one step looks at; a few milliseconds' work, for which a key may have to wait.
  static let budget: UInt64 = 256 << 10
  /// Pieces that are asked for at first: some lines are short, and some pieces are 64 KiB.
  private static let fewest = 8
  /// The most pieces that are asked for at once.
  private static let most: UInt64 = 512

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
    var count = fewest
    while spent < budget {
      let pieces =
        scan.isForward
        ? source.pieces(from: offset, count: count, limit: limit)
        : source.pieces(before: offset, count: count, limit: limit).reversed()
      for piece in pieces where needle.isFound(in: piece.bytes) { return .found(piece.range.lowerBound) }
      guard let last = pieces.last else { return .nothing }
      let next = scan.isForward ? last.range.upperBound : last.range.lowerBound
      guard next != offset else { return .nothing }
      let length = max(1, next > offset ? next - offset : offset - next)
      spent &+= length
      offset = next
      // As many as the rest of the step has room for, if they go on as long as these.
      let room = budget - min(spent, budget)
      count = Int(min(most, max(1, room * UInt64(pieces.count) / length)))
    }
    return .more(PaneSearch.Scan(offset: offset, isForward: scan.isForward))
  }
}
