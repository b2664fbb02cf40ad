import NIOCore
import NIOHTTP1

/// Waits for the answer to a request whose connection becomes a stream, and then leaves it to who stands behind.
///
/// Engines answer 101 to a request to upgrade, and 200 to one that they (or a proxy before them) did not see; both mean
/// the same (Docker Engine API, ExecStart).
final class HijackStarter: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias InboundOut = ByteBuffer

  private let address: EngineAddress
  private let opened: EventLoopPromise<Void>
  private var refusal: EngineReply?
  private var isUpgraded = false
  private var isOpen = false

  /// - Parameter opened: answered when the stream begins, or will not.
  init(_ address: EngineAddress, opened: EventLoopPromise<Void>) {
    self.address = address
    self.opened = opened
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): begin(head, context)
    case .body(let bytes):
      if refusal == nil { context.fireChannelRead(wrapInboundOut(bytes)) } else { refuse(bytes) }
    case .end: end(context)
    }
  }

  private func begin(_ head: HTTPResponseHead, _ context: ChannelHandlerContext) {
    isUpgraded = head.status == .switchingProtocols
    guard isUpgraded || (200..<300).contains(head.status.code) else {
      refusal = EngineReply(status: Int(head.status.code))
      return
    }
    isOpen = true
    // What is written from here on are the command's own bytes.
    context.pipeline.syncOperations.removeHandler(name: EngineConnector.encoder, promise: nil)
    opened.succeed()
  }

  private func refuse(_ bytes: ByteBuffer) {
    guard let size = refusal?.body.count, size < 1 << 20 else { return }
    refusal?.body.append(contentsOf: bytes.readableBytesView)
  }

  private func end(_ context: ChannelHandlerContext) {
    if let refusal {
      opened.fail(EngineAPIError.refusal(refusal, address))
      return context.close(promise: nil)
    }
    guard isUpgraded else { return context.fireUserInboundEventTriggered(StreamEnd.said) }
    // First this, then the decoder: what the decoder still holds must not come here.
    let pipeline = context.pipeline.syncOperations
    pipeline.removeHandler(context: context, promise: nil)
    pipeline.removeHandler(name: EngineConnector.decoder, promise: nil)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if !isOpen { opened.fail(EngineAPIError(error, at: address)) }
    context.fireErrorCaught(error)
  }

  func channelInactive(context: ChannelHandlerContext) {
    if !isOpen { opened.fail(EngineAPIError(.cut, "the engine at \(address) ended the connection before it answered")) }
    context.fireChannelInactive()
  }
}
