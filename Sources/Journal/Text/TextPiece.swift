/// A line of a stream, or a part of a line that is too long to be handled whole.
public struct TextPiece: Hashable, Sendable {
  /// The piece's bytes in the stream, its newline included.
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
