/// What a read of a stream found.
public enum ReadResult: Hashable, Sendable {
  /// That many bytes are in the buffer; 0 at the end of what is there now.
  case bytes(Int)
  /// The bytes at the offset were evicted; the first that are kept begin here.
  case evicted(upTo: UInt64)
}
