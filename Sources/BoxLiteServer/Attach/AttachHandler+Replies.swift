import BoxLiteWire
import DequeModule
import ExecModel
import NIOCore
import NIOWebSocket

/// The replies owed to a client for its frames, and those waiting to be written: bounded, whatever
/// the client sends.
struct Replies {
  /// Whether a pong waits to be taken by the kernel.
  var isPongUnderWay = false
  /// The newest ping after it: one pong answers all waiting pings (RFC 6455, section 5.5.3).
  var ping: ByteBuffer?
  /// The number of error messages that the kernel has not taken.
  var complaints = 0

  /// The maximum number of waiting error messages: the client is not read beyond it, and errors of
  /// a last read beyond it are not reported.
  static let limit = 32
}

// Replies to a client's frames.
extension AttachHandler {
  func answerPing(_ payload: ByteBuffer) {
    // A control frame's payload has at most 125 bytes (RFC 6455, section 5.5).
    guard payload.readableBytes <= 125 else { return close(.protocolError) }
    // A copy: the slice would keep the whole read buffer alive.
    let copy = ByteBuffer(bytes: payload.readableBytesView)
    if replies.isPongUnderWay { replies.ping = copy } else { sendPong(copy) }
  }

  private func sendPong(_ payload: ByteBuffer) {
    guard let context else { return }
    replies.isPongUnderWay = true
    send(.pong, payload, promise: whenTaken(context) { $0.pongTaken() })
    context.flush()
  }

  private func pongTaken() {
    replies.isPongUnderWay = false
    if let ping = replies.ping.take() { sendPong(ping) }
  }

  /// Reports an error in a client's frame.
  func complain(_ message: String, code: String) {
    guard let context, replies.complaints < Replies.limit else { return }
    replies.complaints += 1
    let promise = whenTaken(context) { handler in
      handler.replies.complaints -= 1
      handler.readOn()
    }
    say(.error(message: message, code: code), promise: promise)
    context.flush()
  }

  private func whenTaken(
    _ context: ChannelHandlerContext, _ body: @escaping @Sendable (AttachHandler) -> Void
  ) -> EventLoopPromise<Void> {
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    let promise = context.eventLoop.makePromise(of: Void.self)
    promise.futureResult.whenComplete { _ in if bound.value.phase != .over { body(bound.value) } }
    return promise
  }

  /// Whether to read: not while the command has not taken its input, or the client its replies.
  var mayRead: Bool {
    pendingInput <= configuration.limits.pendingInput && replies.complaints < Replies.limit
  }

  func read(context: ChannelHandlerContext) {
    if mayRead { context.read() } else { isReadHeld = true }
  }

  func readOn() {
    guard isReadHeld, mayRead, let context else { return }
    isReadHeld = false
    context.read()
  }
}

/// Tracks what a client has acknowledged: it answers a ping only after everything sent before it.
///
/// A WebSocket client must return a ping's payload (RFC 6455, section 5.5.3), so numbered pings
/// between output frames work as acknowledgements with every client.
struct Acknowledgements {
  private var asked: Deque<(number: UInt64, sent: PerStream<UInt64>)> = []
  private var count: UInt64 = 0
  /// The number of bytes that the client has certainly read.
  private(set) var confirmed: PerStream<UInt64>

  /// The maximum number of pings in flight.
  private static let limit = 64

  init(from start: PerStream<UInt64>) { confirmed = start }

  /// Whether a ping now would add information.
  func isUseful(at sent: PerStream<UInt64>) -> Bool {
    sent != (asked.last?.sent ?? confirmed) && asked.count < Self.limit
  }

  /// The payload of a ping that acknowledges everything sent so far.
  mutating func ask(at sent: PerStream<UInt64>) -> UInt64 {
    count &+= 1
    asked.append((count, sent))
    return count
  }

  /// Takes a pong's payload; false when it answers no ping of ours.
  mutating func answer(_ number: UInt64) -> Bool {
    guard let index = asked.firstIndex(where: { $0.number == number }) else { return false }
    confirmed = asked[index].sent
    asked.removeFirst(index + 1)
    return true
  }
}
