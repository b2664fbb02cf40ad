import NIOCore
import NIOWebSocket

/// Brings a connection's frames to its socket.
final class AttachFrames: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame

  private let socket: AttachSocket
  private var failure: String?

  init(_ socket: AttachSocket) { self.socket = socket }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    // A server must not mask (RFC 6455, section 5.1).
    guard frame.maskKey == nil else { return fail(context, "the server breaks the protocol: a masked frame") }
    socket.take(frame)
  }

  /// What a server that hangs up without a word is called.
  static let noClose = "hung up without a Close"

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
      fail(context, "the server breaks the protocol: \(error)")
    default: fail(context, ClientError.failed(error, at: socket.client.endpoint).description)
    }
  }

  /// Nothing that comes after a broken frame can be trusted.
  private func fail(_ context: ChannelHandlerContext, _ why: String) {
    if failure == nil { failure = why }
    context.close(promise: nil)
  }
}
