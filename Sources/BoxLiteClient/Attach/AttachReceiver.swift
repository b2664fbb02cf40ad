public import BoxLiteWire

/// Takes what an attach socket brings.
///
/// All calls come from the socket's event loop, in the order of the frames, and must not block.
public protocol AttachReceiver: AnyObject, Sendable {
  /// The server let us in.
  func attached()

  /// Output arrived, never empty.
  func received(_ channel: OutputChannel, _ bytes: borrowing RawSpan)

  /// A message arrived.
  func received(_ message: ServerMessage)

  /// The connection is over, or there was none; the last call.
  func ended(_ end: AttachEnd)
}
