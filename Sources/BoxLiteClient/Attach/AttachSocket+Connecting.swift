import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket

// From nothing to a WebSocket.
extension AttachSocket {
  func connect() {
    guard state.phase == .idle else { return }
    state.phase = .connecting
    let bootstrap = ClientBootstrap(group: loop)
      .connectTimeout(TimeAmount(times.handshake))
      // Else an end that comes with the answer would take the pipeline down before the frames between them are read.
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
    let valve = AttachValve(self)
    try pipeline.addHandler(valve)
    let handshake = AttachHandshake(self)
    let bound = NIOLoopBound(handshake, eventLoop: channel.eventLoop)
    let upgrade: NIOHTTPClientUpgradeSendableConfiguration = (
      upgraders: [upgrader(NIOLoopBound(valve, eventLoop: channel.eventLoop))],
      completionHandler: { $0.pipeline.syncOperations.removeHandler(bound.value, promise: nil) }
    )
    try pipeline.addHTTPClientHandlers(withClientUpgrade: upgrade)
    try pipeline.addHandler(handshake)
  }

  private func upgrader(_ valve: NIOLoopBound<AttachValve>) -> AttachUpgrade {
    AttachUpgrade(
      self,
      NIOWebSocketClientUpgrader(
        maxFrameSize: Self.largestFrame, automaticErrorHandling: false,
        upgradePipelineHandler: { channel, _ in
          channel.eventLoop.makeCompletedFuture { try self.addFrames(channel, valve) }
        })
    )
  }

  private func addFrames(_ channel: any Channel, _ valve: NIOLoopBound<AttachValve>) throws {
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandler(
      NIOWebSocketFrameAggregator(
        minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 1024, maxAccumulatedFrameSize: Self.largestFrame))
    try pipeline.addHandler(AttachFrames(self))
    opened(channel)
    // Once the upgrade is through.
    loop.execute { valve.value.release() }
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

  /// A link that brings nothing is dead; while we do not read, we cannot know.
  private func checkSilence() {
    guard state.phase == .open, !state.isHeld, state.waiting.isEmpty else { return }
    if NIODeadline.now() - state.lastHeard > TimeAmount(times.silence) {
      finish(.cut("no sign of life for \(times.silence.components.seconds) s"))
    }
  }

  /// No connection, or one that broke before the server let us in.
  func failed(_ error: any Error) {
    guard state.phase == .connecting else { return }
    finish(.refused(ClientError.failed(error, at: client.endpoint)))
  }

  /// The server answered something else than the upgrade.
  func refused(status: Int, body: [UInt8]) {
    guard state.phase == .connecting else { return }
    if (200...299).contains(status) || status == 101 {
      return finish(.refused(.nonsense("it does not speak WebSocket (HTTP \(status))", from: client.endpoint)))
    }
    finish(.refused(client.refusal(status: status, body: body)))
  }
}
