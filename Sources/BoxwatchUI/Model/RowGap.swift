public import ExecModel

/// A place in a stream where bytes are missing, or may be.
public struct RowGap: Hashable, Sendable {
  /// The stream.
  public var stream: ExecStream
  /// The offset of the first byte after it.
  public var offset: UInt64
  /// Why.
  public var gap: OutputGap

  /// Makes a place.
  public init(stream: ExecStream, offset: UInt64, gap: OutputGap) {
    self.stream = stream
    self.offset = offset
    self.gap = gap
  }
}
