import NIOCore

/// Stands before the handlers of the upgrade, and keeps what comes behind the server's answer until they have changed.
///
/// The HTTP decoder leaves its place only in the event loop's next turn, and drops what it holds when the connection's end
/// is read before: a command that is over already would never be seen whole, as its frames and the end come at once.
final class AttachValve: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private enum Phase { case head, holding, open }

  private let socket: AttachSocket
  private var phase = Phase.head
  private var held = ByteBuffer()
  private var hasEnd = false
  private var context: ChannelHandlerContext?

  /// Bytes of an answer's head at most; the decoder has a limit of its own and says so.
  private static let headLimit = 131_072

  init(_ socket: AttachSocket) { self.socket = socket }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var bytes = unwrapInboundIn(data)
    switch phase {
    case .open: context.fireChannelRead(data)
    case .holding: held.writeBuffer(&bytes)
    case .head:
      held.writeBuffer(&bytes)
      takeHead(context)
    }
  }

  private func takeHead(_ context: ChannelHandlerContext) {
    guard let end = endOfHead else {
      if held.readableBytes > Self.headLimit { open(context) }
      return
    }
    guard let head = held.readSlice(length: end) else { return }
    phase = .holding
    context.fireChannelRead(wrapInboundOut(head))
    // The head was decoded within that call: it is no answer to the upgrade, and its body may follow.
    if !socket.state.isUpgrading { open(context) }
  }

  /// Where the empty line that ends the head ends.
  private var endOfHead: Int? {
    let view = held.readableBytesView
    let end = Array("\r\n\r\n".utf8)
    return view.indices.dropLast(3).first { view[$0..<($0 + 4)].elementsEqual(end) }.map { $0 + 4 - view.startIndex }
  }

  /// The handlers behind have changed: they get everything, in its order.
  func release() {
    if let context, phase == .holding { open(context) }
  }

  private func open(_ context: ChannelHandlerContext) {
    phase = .open
    let rest = held
    held = ByteBuffer()
    if rest.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(rest)) }
    context.fireChannelReadComplete()
    if hasEnd { context.fireUserInboundEventTriggered(ChannelEvent.inputClosed) }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case ChannelEvent.inputClosed = event, phase == .holding {
      hasEnd = true
    } else {
      context.fireUserInboundEventTriggered(event)
    }
  }
}
