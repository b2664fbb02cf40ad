/// What a stream's reader carries from one turn to the next.
struct StreamWork {
  /// Bytes that were read and not taken yet; empty unless stalled.
  var pending: [UInt8] = []
  /// Whether the stream is to be closed when what is there now has been read.
  var isEmptying = false
  /// How much of it is left to read; nil before it was asked.
  var remaining: UInt64?
  /// Whether the pipe was asked to be larger.
  var isGrown = false
}
