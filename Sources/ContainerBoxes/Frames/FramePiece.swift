import ExecModel

/// What a run of bytes within a chunk is.
enum FramePiece: Hashable, Sendable {
  /// Bytes of a stream, by their place in the chunk.
  case output(ExecStream, Range<Int>)
  /// Bytes of a message of the engine's own (stream number 3), by their place in the chunk.
  case complaint(Range<Int>)
}
