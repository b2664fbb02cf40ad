import NIOCore
import NIOWebSocket

/// Refuses what RFC 6455 forbids and the decoder lets through: frames that a client did not mask (section 5.1), reserved
/// bits and opcodes (section 5.2).
final class FrameCheck: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias InboundOut = WebSocketFrame

  /// A frame that the protocol forbids.
  struct Forbidden: Error {}

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    let isReserved = frame.rsv1 || frame.rsv2 || frame.rsv3
    guard frame.maskKey != nil, !isReserved, Self.known.contains(frame.opcode) else {
      return context.fireErrorCaught(Forbidden())
    }
    context.fireChannelRead(data)
  }

  private static let known: [WebSocketOpcode] = [.continuation, .text, .binary, .connectionClose, .ping, .pong]
}
