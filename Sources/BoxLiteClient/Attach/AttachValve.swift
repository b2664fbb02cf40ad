import NIOCore

/// Sits before the upgrade's handlers and holds back the bytes after the server's answer until the
/// pipeline has changed.
///
/// The HTTP decoder leaves the pipeline only in the event loop's next turn, and drops its buffered
/// bytes when the end of the connection is read first: the output of a command that is already over
/// would be lost, as its frames and the end arrive together.
final class AttachValve: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private enum Phase { case head, holding, open }

  private let socket: AttachSocket
  private var phase = Phase.head
  private var held = ByteBuffer()
  private var hasEnd = false
  private var context: ChannelHandlerContext?

  /// The maximum size of an answer's head; the decoder has its own limit and reports it.
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
    // The head was decoded within that call: it is not an answer to the upgrade, and its body may
    // follow.
    if !socket.state.isUpgrading { open(context) }
  }

  /// The offset after the empty line that ends the head.
  private var endOfHead: Int? {
    let view = held.readableBytesView
    let end = Array("\r\n\r\n".utf8)
    return view.indices.dropLast(3).first { view[$0..<($0 + 4)].elementsEqual(end) }.map { $0 + 4 - view.startIndex }
  }

  /// Passes everything on in order, once the pipeline has changed.
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
