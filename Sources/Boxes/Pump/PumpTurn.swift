import CExecShims

/// What a pump loop lends a source for one turn.
struct PumpTurn {
  /// The thread's one buffer, reused by every source; its bytes are valid only within the turn.
  let buffer: UnsafeMutableRawBufferPointer
  /// How many bytes a source may read before others have their turn.
  let budget: Int
  /// The epoll events that gave the turn, 0 for posted work.
  let events: UInt32

  /// Whether the other side is gone, so that reading on finds the end without waiting.
  var isHungUp: Bool { events & EPOLLHUP.rawValue != 0 }
}
