import BoxLiteWire
import NIOCore
import NIOWebSocket

// Frames, and the end of the connection.
extension AttachSocket {
  func write(_ opcode: WebSocketOpcode, _ data: ByteBuffer, _ promise: EventLoopPromise<Void>?) {
    guard let channel = state.channel, state.phase == .open || state.phase == .closing else {
      promise?.fail(ChannelError.ioOnClosedChannel)
      return
    }
    // A client masks every frame (RFC 6455, section 5.3).
    let frame = WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: data)
    channel.writeAndFlush(frame, promise: promise)
  }

  /// Handles a frame in order, after those that wait.
  func take(_ frame: WebSocketFrame) {
    state.lastHeard = .now()
    if state.isHeld || !state.waiting.isEmpty { state.waiting.append(frame) } else { deliver(frame) }
  }

  private func deliver(_ frame: WebSocketFrame) {
    guard state.phase == .open else { return }
    switch frame.opcode {
    case .binary: deliverOutput(frame.data)
    case .text:
      guard let message = try? ServerMessage(text: Array(frame.data.readableBytesView)) else {
        state.ignored += 1
        return
      }
      state.receiver?.received(message)
    // Only after everything before it was delivered: our own server takes a Pong as an
    // acknowledgement.
    case .ping: answerPing(ByteBuffer(bytes: frame.data.readableBytesView))
    case .connectionClose: takeClose(frame.data)
    default: break
    }
  }

  /// Sends one pong at a time, however many pings a server sends without reading: one answers all
  /// waiting pings (RFC 6455, section 5.5.3).
  private func answerPing(_ payload: ByteBuffer) {
    guard !state.isPongUnderWay else { return state.ping = payload }
    state.isPongUnderWay = true
    let written = loop.makePromise(of: Void.self)
    written.futureResult.whenComplete { _ in
      self.state.isPongUnderWay = false
      if let next = self.state.ping.take() { self.answerPing(next) }
    }
    write(.pong, payload, written)
  }

  private func deliverOutput(_ data: ByteBuffer) {
    var data = data
    guard let channel = data.readInteger(as: UInt8.self).flatMap(OutputChannel.init), data.readableBytes > 0 else {
      state.ignored += 1
      return
    }
    data.withUnsafeReadableBytes { state.receiver?.received(channel, $0.bytes) }
  }

  private func takeClose(_ data: ByteBuffer) {
    var data = data
    let code = data.readInteger(as: UInt16.self)
    var answer = ByteBuffer()
    if let code { answer.writeInteger(code) }
    write(.connectionClose, answer, nil)
    finish(.closed(code: code))
  }

  func holdReading() {
    guard !state.isHeld else { return }
    state.isHeld = true
    try? state.channel?.syncOptions?.setOption(.autoRead, value: false)
  }

  func resumeReading() {
    guard state.isHeld else { return }
    state.isHeld = false
    state.lastHeard = .now()
    while !state.isHeld, let frame = state.waiting.popFirst() { deliver(frame) }
    guard !state.isHeld else { return }
    if let end = state.waitingEnd { return finish(end) }
    try? state.channel?.syncOptions?.setOption(.autoRead, value: true)
  }

  /// Handles the loss of the connection; frames read before are delivered first.
  func lost(_ why: String) {
    guard state.isHeld || !state.waiting.isEmpty else { return finish(.cut(why)) }
    if state.waitingEnd == nil { state.waitingEnd = .cut(why) }
  }

  /// Reports the end to the receiver, once, and releases everything.
  func finish(_ end: AttachEnd) {
    guard let receiver = retire() else { return }
    receiver.ended(end)
  }

  /// Closes the connection; nil when it was already over.
  private func retire() -> (any AttachReceiver)? {
    guard state.phase != .over else { return nil }
    defer {
      state.phase = .over
      state.receiver = nil
      state.channel = nil
    }
    for timer in state.timers { timer.cancel() }
    state.timers = []
    state.waiting.removeAll()
    state.channel?.close(promise: nil)
    return state.receiver
  }

  /// Sends Close, reads for a limited time so that closing does not send a reset, and closes the
  /// connection.
  func leave() {
    guard state.phase == .open, let channel = state.channel else {
      _ = retire()
      return
    }
    var data = ByteBuffer()
    data.write(webSocketErrorCode: .normalClosure)
    write(.connectionClose, data, nil)
    state.channel = nil
    _ = retire()
    try? channel.syncOptions?.setOption(.autoRead, value: true)
    loop.scheduleTask(in: TimeAmount(times.close)) { channel.close(promise: nil) }
  }
}

/// Passes a connection's frames to its socket.
final class AttachFrames: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame

  private let socket: AttachSocket
  private var failure: String?

  init(_ socket: AttachSocket) { self.socket = socket }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    // A server must not mask (RFC 6455, section 5.1).
    guard frame.maskKey == nil else { return fail(context, "protocol error: the server sent a masked frame") }
    socket.take(frame)
  }

  /// The reason given when a server disconnects without a Close.
  static let noClose = "closed the connection without a Close frame"

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case ChannelEvent.inputClosed = event { socket.lost(failure ?? Self.noClose) }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    socket.lost(failure ?? Self.noClose)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch error {
    case NIOWebSocketError.invalidFrameLength: fail(context, "a frame is larger than 16 MiB")
    case is NIOWebSocketError, is NIOWebSocketFrameAggregator.Error:
      fail(context, "protocol error: \(error)")
    default: fail(context, ClientError.failed(error, at: socket.client.endpoint).description)
    }
  }

  /// Nothing after an invalid frame can be trusted.
  private func fail(_ context: ChannelHandlerContext, _ why: String) {
    if failure == nil { failure = why }
    context.close(promise: nil)
  }
}
