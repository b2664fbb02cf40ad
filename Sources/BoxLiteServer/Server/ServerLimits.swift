/// What one server takes from clients at most.
public struct ServerLimits: Hashable, Sendable {
  /// Bytes of a request's body.
  public var body = 4 << 20
  /// Bytes of one WebSocket frame, and of one message in fragments: what BoxLite's own clients can send.
  public var frame = 16 << 20
  /// Fragments of one message.
  public var fragments = 1024
  /// Connections that have shown their key, or need none, at the same time; the next gets 429.
  public var sockets = 1024
  /// Connections that have shown no key yet; the next one takes the place of one that has been there for three seconds.
  ///
  /// Eight times as many may come at once.
  public var strangers = 512
  /// The same of one address (of IPv6, of one network of 64 bits).
  public var strangersOfAnAddress = 256
  /// Bytes of input that the command has not taken yet; the socket is not read meanwhile.
  public var pendingInput = 1 << 20

  /// Boxes that clients may have at the same time; the next gets 429.
  public var boxes = 1000
  /// Bytes of one box: its variables, labels and names, each with 64 for itself.
  public var box = 1 << 20
  /// Bytes of all boxes together.
  public var allBoxes = 64 << 20
  /// Commands of clients that run at the same time; the next gets 429.
  public var executions = 1000
  /// Bytes of all executions that are known: their commands and variables, and what the server keeps beside them.
  ///
  /// Those that are over longest are forgotten for a new one.
  public var allExecutions = 256 << 20
  /// Bytes of all bodies that come in or whose answer is being made.
  public var bodies = 64 << 20
  /// Bytes of all answers that wait to be taken.
  public var answers = 64 << 20

  /// Bytes of all messages of attached clients that are not whole yet, and of input that waits, beyond ``pendingInput`` each.
  public var input = 64 << 20

  /// The usual limits.
  public init() {}
}
