import NIOCore
import NIOHTTP1

/// Waits for the answer to a request whose connection becomes a stream, and passes the stream on.
///
/// Engines answer 101 to a request to upgrade, and 200 to one that they (or a proxy before them) did not see; both mean
/// the same (Docker Engine API, ExecStart). 101 is ``UpgradeSwitch``'s.
final class HijackStarter: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias InboundOut = ByteBuffer

  private let address: EngineAddress
  private let opened: EventLoopPromise<Void>
  private var refusal: EngineReply?
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
    guard (200..<300).contains(head.status.code) else {
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
    guard let refusal else { return context.fireUserInboundEventTriggered(StreamEnd.said) }
    opened.fail(EngineAPIError.refusal(refusal, address))
    context.close(promise: nil)
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
