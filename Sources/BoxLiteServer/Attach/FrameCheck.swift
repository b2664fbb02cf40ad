import NIOCore
import NIOWebSocket

/// Refuses what RFC 6455 forbids and the decoder lets through: frames that a client did not mask (section 5.1), reserved
/// bits and opcodes (section 5.2).
///
/// Notes that the heads of the others are gone.
final class FrameCheck: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias InboundOut = WebSocketFrame

  /// A frame that the protocol forbids.
  struct Forbidden: Error {}

  private let bytes: ClientBytes?

  init(_ bytes: ClientBytes? = nil) { self.bytes = bytes }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    let isReserved = frame.rsv1 || frame.rsv2 || frame.rsv3
    guard frame.maskKey != nil, !isReserved, Self.known.contains(frame.opcode) else {
      return context.fireErrorCaught(Forbidden())
    }
    bytes?.drop(Self.headLength(frame.length))
    context.fireChannelRead(data)
  }

  /// The bytes before a masked payload (RFC 6455, section 5.2).
  private static func headLength(_ payload: Int) -> Int { payload < 126 ? 6 : payload < 65_536 ? 8 : 14 }

  private static let known: [WebSocketOpcode] = [.continuation, .text, .binary, .connectionClose, .ping, .pong]
}
