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
