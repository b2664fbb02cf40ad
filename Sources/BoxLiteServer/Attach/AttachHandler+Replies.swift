import BoxLiteWire
import NIOCore
import NIOWebSocket

/// What is owed to a client for what it sent, and how much of that waits for it to read: bounded, whatever it sends.
struct Replies {
  /// Whether a pong waits to be taken by the kernel.
  var isPongUnderWay = false
  /// The newest ping behind it: for all pings that wait one pong is enough (RFC 6455, section 5.5.3).
  var ping: ByteBuffer?
  /// Complaints that the kernel has not taken.
  var complaints = 0

  /// Complaints at most: the client is not read while so many wait, and what a last reading brings beyond them is not said.
  static let limit = 32
}

// What a client's own frames are answered with.
extension AttachHandler {
  func answerPing(_ payload: ByteBuffer) {
    // A control frame's payload has 125 bytes at most (RFC 6455, section 5.5).
    guard payload.readableBytes <= 125 else { return close(.protocolError) }
    // A copy: the slice would hold everything that was read with it.
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

  /// Says what is wrong with what the client sent.
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

  /// Reading stops while the command does not take what was read, or the client what it is answered.
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
