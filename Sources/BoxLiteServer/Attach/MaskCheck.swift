import NIOCore
import NIOWebSocket

/// Refuses frames that a client did not mask (RFC 6455, section 5.1).
final class MaskCheck: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias InboundOut = WebSocketFrame

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard unwrapInboundIn(data).maskKey != nil else {
      return context.fireErrorCaught(NIOWebSocketError.fragmentedControlFrame)
    }
    context.fireChannelRead(data)
  }
}
