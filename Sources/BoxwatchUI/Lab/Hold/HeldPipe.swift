/// A stream of the held command: its gate, and what waits behind it.
public struct HeldPipe: Hashable, Sendable {
  /// Whether its pump may not read.
  public var isHeld: Bool
  /// Bytes that the kernel holds.
  public var unread: UInt64 = 0
  /// Bytes that the kernel's pipe can hold; 0 when it is closed or does not say.
  public var capacity: UInt64 = 0
  /// Whether every writer is gone, so that the end of the stream waits behind the bytes.
  public var isEndWaiting = false
  /// Bytes that the pump brought.
  public var read: UInt64 = 0
  /// Whether the pump brought the end.
  public var isOver = false

  /// A stream that nothing was written to.
  public init(isHeld: Bool) { self.isHeld = isHeld }

  /// Whether not one byte more fits.
  public var isFull: Bool { capacity > 0 && unread >= capacity }
}
