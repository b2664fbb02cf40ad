import NIOCore
import NIOHTTP1

/// Asks for the upgrade, and reads the answer when it is a refusal.
final class AttachHandshake: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  private let socket: AttachSocket
  private var status = 0
  private var body: [UInt8] = []
  private var isAsked = false

  /// Bytes of a refusal's body that are read.
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

  /// A body that its server leaves unfinished is a refusal all the same.
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
