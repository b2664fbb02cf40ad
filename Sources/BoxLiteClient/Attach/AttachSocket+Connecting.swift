import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket
import NetworkBase

// Connecting and upgrading to a WebSocket.
extension AttachSocket {
  func connect() {
    guard state.phase == .idle else { return }
    state.phase = .connecting
    let bootstrap = ClientBootstrap(group: loop)
      .connectTimeout(TimeAmount(times.handshake))
      // Otherwise an end of stream that arrives with the answer would close the pipeline before the
      // frames between them are read.
      .channelOption(.allowRemoteHalfClosure, value: true)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try self.fit(channel) }
      }
    let opening =
      switch client.endpoint {
      case .network(let host, let port, _): bootstrap.connect(host: host, port: port)
      case .unix(let path): bootstrap.connect(unixDomainSocketPath: path)
      }
    opening.whenComplete { result in
      switch result {
      case .success(let channel): self.connected(channel)
      case .failure(let error): self.failed(error)
      }
    }
  }

  private func connected(_ channel: any Channel) {
    guard state.phase == .connecting else { return channel.close(promise: nil) }
    state.channel = channel
    loop.scheduleTask(in: TimeAmount(times.handshake)) {
      if self.state.phase == .connecting { self.failed(ChannelError.connectTimeout(.zero)) }
    }
  }

  private func fit(_ channel: any Channel) throws {
    let pipeline = channel.pipeline.syncOperations
    if case .network(let host, _, true) = client.endpoint {
      try pipeline.addHandler(try client.secureHandler(host))
    }
    let gate = UpgradeGate()
    try pipeline.addHandler(gate)
    let handshake = AttachHandshake(self)
    let bound = NIOLoopBound(handshake, eventLoop: channel.eventLoop)
    let upgrade: NIOHTTPClientUpgradeSendableConfiguration = (
      upgraders: [upgrader(NIOLoopBound(gate, eventLoop: channel.eventLoop))],
      completionHandler: { $0.pipeline.syncOperations.removeHandler(bound.value, promise: nil) }
    )
    try pipeline.addHTTPClientHandlers(withClientUpgrade: upgrade)
    try pipeline.addHandler(handshake)
  }

  private func upgrader(_ gate: NIOLoopBound<UpgradeGate>) -> NIOWebSocketClientUpgrader {
    NIOWebSocketClientUpgrader(
      maxFrameSize: Self.largestFrame, automaticErrorHandling: false,
      upgradePipelineHandler: { channel, _ in
        channel.eventLoop.makeCompletedFuture { try self.addFrames(channel, gate) }
      })
  }

  private func addFrames(_ channel: any Channel, _ gate: NIOLoopBound<UpgradeGate>) throws {
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandler(
      NIOWebSocketFrameAggregator(
        minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 1024, maxAccumulatedFrameSize: Self.largestFrame))
    try pipeline.addHandler(AttachFrames(self))
    opened(channel)
    // NIO's own handlers of the upgrade leave the pipeline after this call.
    loop.execute { gate.value.release() }
  }

  private func opened(_ channel: any Channel) {
    guard state.phase == .connecting else { return channel.close(promise: nil) }
    state.phase = .open
    state.channel = channel
    state.lastHeard = .now()
    startTimers()
    state.receiver?.attached()
  }

  private func startTimers() {
    let ping = TimeAmount(times.ping)
    let check = TimeAmount(times.silence / 8)
    state.timers = [
      loop.scheduleRepeatedTask(initialDelay: ping, delay: ping) { _ in self.write(.ping, ByteBuffer(), nil) },
      loop.scheduleRepeatedTask(initialDelay: check, delay: check) { _ in self.checkSilence() },
    ]
  }

  /// Cuts a connection that has brought nothing for too long; while it is not read, this is
  /// unknown.
  private func checkSilence() {
    guard state.phase == .open, !state.isHeld, state.waiting.isEmpty else { return }
    if NIODeadline.now() - state.lastHeard > TimeAmount(times.silence) {
      finish(.cut("nothing received for \(times.silence.components.seconds) s"))
    }
  }

  /// The connection failed, or ended before the server accepted the attach.
  func failed(_ error: any Error) {
    guard state.phase == .connecting else { return }
    finish(.refused(ClientError.failed(error, at: client.endpoint)))
  }

  /// The server answered something other than the upgrade.
  func refused(status: Int, body: [UInt8]) {
    guard state.phase == .connecting else { return }
    if (200...299).contains(status) || status == 101 {
      return finish(
        .refused(.nonsense("it did not accept the WebSocket upgrade (HTTP \(status))", from: client.endpoint)))
    }
    finish(.refused(client.refusal(status: status, body: body)))
  }
}

/// Requests the upgrade, and reads the answer when it is a refusal.
final class AttachHandshake: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  private let socket: AttachSocket
  private var status = 0
  private var body: [UInt8] = []
  private var isAsked = false

  /// The maximum number of bytes read of a refusal's body.
  private static let bodyLimit = 65_536

  init(_ socket: AttachSocket) { self.socket = socket }

  func handlerAdded(context: ChannelHandlerContext) {
    if context.channel.isActive { ask(context) }
  }

  func channelActive(context: ChannelHandlerContext) {
    ask(context)
    context.fireChannelActive()
  }

  private func ask(_ context: ChannelHandlerContext) {
    guard !isAsked else { return }
    isAsked = true
    var headers = socket.client.headers
    headers.add(name: "host", value: socket.client.endpoint.hostHeader)
    let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: socket.target.path, headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): status = Int(head.status.code)
    case .body(let bytes):
      if body.count + bytes.readableBytes <= Self.bodyLimit { body.append(contentsOf: bytes.readableBytesView) }
    case .end: refuse(context)
    }
  }

  /// A refusal counts even when its body is incomplete.
  private func refuse(_ context: ChannelHandlerContext) {
    socket.refused(status: status, body: body)
    context.close(promise: nil)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case ChannelEvent.inputClosed = event {
      if status != 0 { refuse(context) } else { fail(context, ChannelError.eof) }
    }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    if status != 0 { refuse(context) } else { socket.failed(ChannelError.eof) }
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    fail(context, error)
  }

  private func fail(_ context: ChannelHandlerContext, _ error: any Error) {
    socket.failed(error)
    context.close(promise: nil)
  }
}
