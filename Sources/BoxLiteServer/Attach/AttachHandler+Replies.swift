import BoxLiteWire
import DequeModule
import ExecModel
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

/// What a client proved to have read: it answers a ping only after everything before it.
///
/// A WebSocket client must send a ping's payload back (RFC 6455, section 5.5.3), so numbered pings between output frames
/// are acknowledgements that every client gives without knowing.
struct Acknowledgements {
  private var asked: Deque<(number: UInt64, sent: StreamCounts)> = []
  private var count: UInt64 = 0
  /// Bytes that the client has read for sure.
  private(set) var confirmed: StreamCounts

  /// Pings that may be under way at the same time.
  private static let limit = 64

  init(from start: StreamCounts) { confirmed = start }

  /// Whether a ping now would tell something new.
  func isUseful(at sent: StreamCounts) -> Bool {
    sent != (asked.last?.sent ?? confirmed) && asked.count < Self.limit
  }

  /// The payload of a ping that asks for everything sent up to now.
  mutating func ask(at sent: StreamCounts) -> UInt64 {
    count &+= 1
    asked.append((count, sent))
    return count
  }

  /// Takes a pong's payload; false when it answers nothing that was asked.
  mutating func answer(_ number: UInt64) -> Bool {
    guard let index = asked.firstIndex(where: { $0.number == number }) else { return false }
    confirmed = asked[index].sent
    asked.removeFirst(index + 1)
    return true
  }
}
