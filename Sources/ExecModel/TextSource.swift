/// A line of a stream, or a part of a line that is too long to be handled whole.
public struct TextPiece: Hashable, Sendable {
  /// The piece's range in the stream, including its newline.
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

/// The text of one stream, in pieces of bounded length, for display.
///
/// There is a boundary after every newline, at the first kept offset, and at each multiple of 32 KiB when the kept part
/// of the 32 KiB before it holds no newline; such a boundary is moved forward by up to 3 bytes so as not to split a
/// UTF-8 character. Whether an offset is a boundary thus depends only on the bytes near it, and the pieces are the same
/// in both directions. `limit` is the end of the text for this call: the stream's length as the caller knows it.
public protocol TextSource: Sendable {
  /// The kept range up to `limit`, or to the stream's length if that is smaller.
  func retained(limit: UInt64) -> Range<UInt64>
  /// Returns at most `count` pieces from `offset` on; an offset that is not a boundary is moved forward to one.
  func pieces(from offset: UInt64, count: Int, limit: UInt64) -> [TextPiece]
  /// Returns the last `count` pieces that end at or before `offset`, in the stream's order.
  func pieces(before offset: UInt64, count: Int, limit: UInt64) -> [TextPiece]
  /// The last boundary at or before `offset`; the end of the text counts only if a piece would begin there.
  func boundary(atOrBefore offset: UInt64, limit: UInt64) -> UInt64
  /// Whether the byte before `offset` is a newline; nil when that byte is not available.
  func endsLine(at offset: UInt64) -> Bool?
  /// The number of newlines before `offset`, including evicted ones: the line number of `offset`, from 0.
  func lineNumber(at offset: UInt64) -> UInt64
  /// The offset at which line number `line` begins; the first kept offset when it is evicted, `limit` when there is no
  /// such line.
  func offset(ofLine line: UInt64, limit: UInt64) -> UInt64
}

/// The numbers of the piece rule, which is described at ``TextSource``.
package enum PieceRule {
  /// Block size: a line without a newline in a whole block is cut at the block's end.
  package static let block: UInt64 = 32 << 10
  /// Bytes by which a cut may move forward: the maximum number of continuation bytes in a UTF-8 character.
  package static let slack: UInt64 = 3
  /// The maximum piece length: a line that begins just after a block's start is not cut before the next block's end.
  package static let longest = 2 * block + slack

  /// Whether a byte continues a UTF-8 character (RFC 3629: `10xxxxxx`).
  package static func continues(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

  /// The last block end at or before `offset`.
  package static func blockEnd(atOrBefore offset: UInt64) -> UInt64 { offset - offset % block }
}
