import BoxLiteWire
import ExecModel
import NIOCore
import NIOWebSocket

// Frames, timers and the end of the connection.
extension AttachHandler {
  func send(_ opcode: WebSocketOpcode, _ data: ByteBuffer, promise: EventLoopPromise<Void>? = nil) {
    guard let context else { return }
    if context.channel.isWritable, phase != .ending { lastProgress = .now() }
    context.write(wrapOutboundOut(WebSocketFrame(fin: true, opcode: opcode, data: data)), promise: promise)
  }

  func say(_ message: ServerMessage, promise: EventLoopPromise<Void>? = nil) {
    send(.text, ByteBuffer(string: message.text), promise: promise)
  }

  /// Sends the exit frame, the last that counts; what is missing from the output is reported before
  /// it.
  func sendExit(_ conclusion: Conclusion) {
    guard let context else { return }
    if let missing = conclusion.truncation { say(.error(message: missing, code: "output_truncated")) }
    if let loss = conclusion.recordLoss { say(.error(message: loss.words, code: "record_lost")) }
    phase = .ending
    lastProgress = .now()
    let written = context.eventLoop.makePromise(of: Void.self)
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    written.futureResult.whenSuccess { bound.value.exitFlushed() }
    say(.exit(code: conclusion.wireCode), promise: written)
  }

  private func exitFlushed() {
    guard phase == .ending, let context else { return }
    phase = .flushed
    store.noteExit(ticket)
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    context.eventLoop.scheduleTask(in: TimeAmount(configuration.times.beforeClose)) {
      if bound.value.phase != .over { bound.value.close(.normalClosure) }
    }
  }

  /// Sends Close and keeps reading until the client disconnects, or for a limited time: closing a
  /// socket with unread data sends a reset, which may discard data that the client has not read
  /// yet.
  func close(_ code: WebSocketErrorCode, promise: EventLoopPromise<Void>? = nil) {
    guard !hasSentClose, let context else {
      promise?.succeed()
      return
    }
    hasSentClose = true
    if phase == .sending { phase = .ending }
    var data = ByteBuffer()
    data.write(webSocketErrorCode: code)
    send(.connectionClose, data, promise: promise)
    context.flush()
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    context.eventLoop.scheduleTask(in: TimeAmount(configuration.times.afterClose)) {
      bound.value.hangUp()
    }
  }

  private func hangUp() {
    hasFailed = true
    context?.close(promise: nil)
  }

  /// Answers the client's Close and closes the connection.
  func takeClose() {
    guard let context else { return }
    hasHeardClose = true
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    let written = context.eventLoop.makePromise(of: Void.self)
    written.futureResult.whenComplete { _ in bound.value.close(promise: nil) }
    close(.normalClosure, promise: written)
  }

  func startTimers(_ context: ChannelHandlerContext) {
    let loop = context.eventLoop
    let bound = NIOLoopBound(self, eventLoop: loop)
    let ping = TimeAmount(configuration.times.ping)
    timers.append(loop.scheduleRepeatedTask(initialDelay: ping, delay: ping) { _ in bound.value.keepAlive() })
    let check = TimeAmount(configuration.times.write / 4)
    timers.append(loop.scheduleRepeatedTask(initialDelay: check, delay: check) { _ in bound.value.checkProgress() })
  }

  private func keepAlive() {
    guard phase != .over, !hasSentClose, let context else { return }
    if isSilent { return hangUp() }
    send(.ping, ByteBuffer())
    context.flush()
  }

  /// Whether the client answers no ping, and so is gone: a ping must be answered (RFC 6455, section
  /// 5.5.2).
  ///
  /// While the socket is not read this is unknown, and a client that is still reading data sent
  /// before the ping answers later.
  private var isSilent: Bool {
    !isReadHeld && NIODeadline.now() - max(lastHeard, lastTaken) > TimeAmount(configuration.times.silence)
  }

  /// Disconnects a client that has taken nothing for too long: it loses its claim, but no output.
  private func checkProgress() {
    guard let context, phase == .ending || !context.channel.isWritable else { return }
    guard NIODeadline.now() - lastProgress > TimeAmount(configuration.times.write) else { return }
    hangUp()
  }
}
