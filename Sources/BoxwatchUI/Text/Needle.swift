import Cells
import ExecModel

/// A search text as bytes; without upper-case letters, ASCII letters match in either case.
struct Needle: Hashable, Sendable {
  private let bytes: [UInt8]
  private let foldsCase: Bool

  /// Prepares a search text.
  init(_ text: String) {
    foldsCase = !text.contains(where: \.isUppercase)
    bytes = Array(text.utf8)
  }

  /// Whether a line contains it; styling inside the line does not prevent a match.
  func isFound(in line: [UInt8]) -> Bool {
    firstIndex(in: line.contains(0x1B) ? Self.unstyled(line)[...] : line[...]) != nil
  }

  /// The column ranges of all non-overlapping matches in a row of cells.
  func columns(in cells: [Cell]) -> [Range<Int>] {
    var text: [UInt8] = []
    var columns: [Int] = []
    for (column, cell) in cells.enumerated() where cell.width > 0 {
      for byte in cell.text.utf8 {
        text.append(byte)
        columns.append(column)
      }
    }
    return matches(in: text).map { range in
      let last = columns[range.upperBound - 1]
      return columns[range.lowerBound]..<last + max(1, Int(cells[last].width))
    }
  }

  private func matches(in text: [UInt8]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var rest = text[...]
    while let start = firstIndex(in: rest) {
      found.append(start..<start + bytes.count)
      rest = text[(start + bytes.count)...]
    }
    return found
  }

  private func firstIndex(in text: ArraySlice<UInt8>) -> Int? {
    guard let first = bytes.first, text.count >= bytes.count else { return nil }
    return text.withUnsafeBufferPointer { buffer in
      for start in 0...(buffer.count - bytes.count) where fold(buffer[start]) == first {
        if matches(buffer, at: start) { return text.startIndex + start }
      }
      return nil
    }
  }

  private func matches(_ buffer: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    for index in bytes.indices where fold(buffer[start + index]) != bytes[index] { return false }
    return true
  }

  private func fold(_ byte: UInt8) -> UInt8 { foldsCase && byte &- 0x41 < 26 ? byte | 0x20 : byte }

  /// A line without its SGR sequences.
  private static func unstyled(_ line: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(line.count)
    var index = 0
    while index < line.count {
      if line[index] == 0x1B, let end = endOfSequence(line, index) {
        index = end
      } else {
        text.append(line[index])
        index += 1
      }
    }
    return text
  }

  private static func endOfSequence(_ line: [UInt8], _ start: Int) -> Int? {
    guard start + 1 < line.count, line[start + 1] == 0x5B else { return nil }
    var index = start + 2
    while index < line.count, (0x30...0x3B).contains(line[index]) { index += 1 }
    return index < line.count && line[index] == 0x6D ? index + 1 : nil
  }
}

/// One bounded step of a search through a stream.
enum SearchScan {
  /// The number of bytes examined in one step; a few milliseconds of work, for which a key may have
  /// to wait.
  static let budget: UInt64 = 256 << 10
  /// The number of pieces requested at first: some lines are short, and some pieces are 64 KiB.
  private static let fewest = 8
  /// The maximum number of pieces requested at once.
  private static let most: UInt64 = 512

  /// The result of a step.
  enum Result: Hashable, Sendable {
    /// This piece contains a match.
    case found(UInt64)
    /// Not finished: continue from here.
    case more(PaneSearch.Scan)
    /// The stream has no further match in this direction.
    case nothing
  }

  /// Searches the next part of a stream.
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
      // As many as fit into the rest of the step, if they continue at this length.
      let room = budget - min(spent, budget)
      count = Int(min(most, max(1, room * UInt64(pieces.count) / length)))
    }
    return .more(PaneSearch.Scan(offset: offset, isForward: scan.isForward))
  }
}
