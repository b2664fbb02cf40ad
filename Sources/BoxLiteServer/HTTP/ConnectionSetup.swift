import NIOCore
import NIOHTTP1
import NIOWebSocket

/// Fits a new connection with its handlers: HTTP first, WebSocket after an upgrade.
struct ConnectionSetup: Sendable {
  private static let httpHandler = "boxlite-http"

  let parts: ServerParts

  func fit(_ channel: any Channel, _ visitor: Visitor) throws {
    let gate = AttachGate(parts.service, visitor)
    let upgrade: NIOHTTPServerUpgradeSendableConfiguration = (
      upgraders: visitor.standing == nil ? [upgrader(gate)] : [],
      completionHandler: { $0.pipeline.removeHandler(name: Self.httpHandler, promise: nil) }
    )
    let pipeline = channel.pipeline.syncOperations
    if let certificate = parts.certificate {
      try pipeline.addHandlers(Hatch(), certificate.handler())
    }
    try pipeline.configureHTTPServerPipeline(withServerUpgrade: upgrade, withErrorHandling: false)
    try pipeline.addHandler(HTTPErrorHandler())
    try pipeline.addHandler(HTTPHandler(parts, gate, visitor), name: Self.httpHandler)
  }

  private func upgrader(_ gate: AttachGate) -> NIOWebSocketServerUpgrader {
    NIOWebSocketServerUpgrader(
      maxFrameSize: parts.configuration.limits.frame, automaticErrorHandling: false,
      shouldUpgrade: { channel, head in
        channel.eventLoop.makeSucceededFuture(gate.opens(for: head) ? HTTPHeaders() : nil)
      },
      upgradePipelineHandler: { channel, _ in
        channel.eventLoop.makeCompletedFuture { try attach(channel, gate) }
      })
  }

  private func attach(_ channel: any Channel, _ gate: AttachGate) throws {
    guard let ticket = gate.takeTicket() else { return channel.close(promise: nil) }
    let limits = parts.configuration.limits
    let pipeline = channel.pipeline.syncOperations
    let bytes = ClientBytes(parts)
    let decoder = try pipeline.handler(type: ByteToMessageHandler<WebSocketFrameDecoder>.self)
    try pipeline.addHandler(InputGate(bytes), position: .before(decoder))
    try pipeline.addHandler(FrameCheck(bytes))
    try pipeline.addHandler(
      NIOWebSocketFrameAggregator(
        minNonFinalFragmentSize: 1, maxAccumulatedFrameCount: limits.fragments,
        maxAccumulatedFrameSize: limits.frame))
    try pipeline.addHandler(AttachHandler(parts, ticket, bytes))
  }
}
