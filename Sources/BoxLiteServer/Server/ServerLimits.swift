/// What one server takes from clients at most.
public struct ServerLimits: Hashable, Sendable {
  /// Bytes of a request's body.
  public var body = 4 << 20
  /// Bytes of one WebSocket frame, and of one message in fragments: what BoxLite's own clients can send.
  public var frame = 16 << 20
  /// Fragments of one message.
  public var fragments = 1024
  /// Sockets that are open at the same time; the next gets 429.
  public var sockets = 1024
  /// Bytes of input that the command has not taken yet; the socket is not read meanwhile.
  public var pendingInput = 1 << 20

  /// The usual limits.
  public init() {}
}
