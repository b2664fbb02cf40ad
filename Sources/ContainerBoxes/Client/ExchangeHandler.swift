import NIOCore
import NIOHTTP1

/// Takes one answer after the other on a kept-alive connection.
final class ExchangeHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart

  /// No answer of an engine is that large; a stranger's may be.
  private static let largestBody = 32 << 20

  private let address: EngineAddress
  private var promise: EventLoopPromise<EngineReply>?
  private var reply: EngineReply?
  private(set) var keepsAlive = true

  init(_ address: EngineAddress) { self.address = address }

  /// Answers the request that is sent next.
  func expect(_ promise: EventLoopPromise<EngineReply>) {
    self.promise = promise
    reply = nil
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      keepsAlive = head.isKeepAlive
      reply = EngineReply(status: Int(head.status.code))
    case .body(let bytes):
      reply?.body.append(contentsOf: bytes.readableBytesView)
      guard let size = reply?.body.count, size > Self.largestBody else { return }
      fail(
        EngineAPIError(.notAnEngine, "the engine at \(address) sent more than \(Self.largestBody >> 20) MiB"), context)
    case .end:
      guard let reply else { return }
      self.reply = nil
      take()?.succeed(reply)
    }
  }

  private func take() -> EventLoopPromise<EngineReply>? {
    defer { promise = nil }
    return promise
  }

  private func fail(_ error: EngineAPIError, _ context: ChannelHandlerContext) {
    take()?.fail(error)
    context.close(promise: nil)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard error is HTTPParserError else { return fail(EngineAPIError(error, at: address), context) }
    fail(
      EngineAPIError(.notAnEngine, "what listens at \(address) is no container engine: it does not speak HTTP"), context
    )
  }

  func channelInactive(context: ChannelHandlerContext) {
    take()?.fail(EngineAPIError(.cut, "the engine at \(address) ended the connection before it answered"))
    context.fireChannelInactive()
  }
}
