import Cells
import ExecModel

/// Finds the style that is still active from earlier output.
enum StyleCarry {
  /// The search distance in bytes; a colour set earlier and never since is not found.
  static let reach = 16 * 1024
  /// The search distance in lines: there can be many short lines in that many bytes.
  static let lineReach = 512

  /// The style at the start of a piece at `offset`.
  static func style(before offset: UInt64, in source: any TextSource, kept: Range<UInt64>, limit: UInt64) -> Style {
    var stretch: [ArraySlice<UInt8>] = []
    var room = reach
    var end = offset
    var count = 8
    while room > 0, end > kept.lowerBound, stretch.count < lineReach {
      let pieces = source.pieces(before: end, count: count, limit: limit)
      for piece in pieces.reversed() where room > 0 {
        let bytes = piece.bytes.suffix(room)
        if let reset = lastReset(in: bytes) { return decode(stretch + [bytes[reset...]]) }
        stretch.append(bytes)
        room -= bytes.count + 1
      }
      guard let first = pieces.first, first.range.lowerBound < end else { break }
      end = first.range.lowerBound
      count = min(256, max(1, count * max(0, room) / max(1, reach - room) + 1))
    }
    return decode(stretch)
  }

  /// The style after these lines, given last to first.
  private static func decode(_ lines: [ArraySlice<UInt8>]) -> Style {
    var style = Style.plain
    for line in lines.reversed() where line.contains(0x1B) {
      style = StyledLine.decode(line, style: style, columnLimit: 0).endStyle
    }
    return style
  }

  /// The start of the last `ESC [ m` or `ESC [ 0 m`: nothing before it matters.
  private static func lastReset(in bytes: ArraySlice<UInt8>) -> Int? {
    guard bytes.contains(0x1B) else { return nil }
    var index = bytes.endIndex
    while let found = bytes[..<index].lastIndex(of: 0x1B) {
      let rest = bytes[found...].dropFirst().prefix(3)
      if rest.starts(with: [0x5B, 0x6D]) || rest.elementsEqual([0x5B, 0x30, 0x6D]) { return found }
      index = found
    }
    return nil
  }
}
