/// The numbers of the piece rule; the rule itself stands at ``TextSource``.
enum PieceRule {
  /// Bytes of a block: a line without a newline in a whole block is cut at the block's end.
  static let block: UInt64 = 32 << 10
  /// Bytes by which a cut may move forward, the most continuation bytes a UTF-8 character has.
  static let slack: UInt64 = 3
  /// No piece is longer: a line may begin just behind a block's start, and is then not cut before the next block's end.
  static let longest = 2 * block + slack

  /// Whether a byte continues a UTF-8 character (RFC 3629: `10xxxxxx`).
  static func continues(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

  /// The last block's end at or before `offset`.
  static func blockEnd(atOrBefore offset: UInt64) -> UInt64 { offset - offset % block }
}
