/// A screen row of a stream: a piece, by the offset of its first byte, and a row of that piece.
///
/// Bytes never move in a journal, so an anchor stays true however much is written after it.
public struct TextAnchor: Hashable, Sendable, Comparable {
  /// The offset of the piece's first byte.
  public var offset: UInt64
  /// The row within the piece, from 0; more than one only when lines wrap.
  public var row: Int

  /// Makes an anchor.
  public init(offset: UInt64, row: Int = 0) {
    self.offset = offset
    self.row = row
  }

  /// Earlier text comes first.
  public static func < (left: TextAnchor, right: TextAnchor) -> Bool {
    (left.offset, left.row) < (right.offset, right.row)
  }
}
