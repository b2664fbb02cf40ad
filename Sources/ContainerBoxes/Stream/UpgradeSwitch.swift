import NIOCore

/// Sits before HTTP and checks whether an answer is 101: then it removes HTTP from the pipeline,
/// and passes the bytes on itself.
///
/// NIO's decoder passes on what it has read past the head only when its removal is complete, one
/// turn of the loop later; if the connection ends before, those bytes are dropped. A short
/// command's whole output can arrive with the head.
final class UpgradeSwitch: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private enum State {
    case head(ByteBuffer), http, upgraded
  }

  /// The maximum length of a head.
  private static let longestHead = 64 << 10

  private let stream: FrameStream
  private let opened: EventLoopPromise<Void>
  private var state = State.head(ByteBuffer())

  /// - Parameter opened: completed when the stream begins with 101.
  init(_ stream: FrameStream, opened: EventLoopPromise<Void>) {
    self.stream = stream
    self.opened = opened
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data)
    switch state {
    case .head(var head):
      head.writeImmutableBuffer(bytes)
      look(at: head, context)
    case .http: context.fireChannelRead(wrapInboundOut(bytes))
    case .upgraded: stream.take(bytes)
    }
  }

  private func look(at head: ByteBuffer, _ context: ChannelHandlerContext) {
    let view = head.readableBytesView
    guard view.count >= 12 || head.readableBytes > Self.longestHead else {
      state = .head(head)
      return
    }
    guard view.starts(with: Array("HTTP/1.".utf8)), view.dropFirst(8).starts(with: Array(" 101".utf8)) else {
      state = .http
      return context.fireChannelRead(wrapInboundOut(head))
    }
    guard let end = Self.end(ofHead: view) else {
      state = .head(head)
      if view.count > Self.longestHead { context.close(promise: nil) }
      return
    }
    upgrade(context)
    if let rest = head.getSlice(at: end, length: view.endIndex - end) { stream.take(rest) }
  }

  /// The offset after the blank line.
  private static func end(ofHead view: ByteBufferView) -> Int? {
    let blank: [UInt8] = [13, 10, 13, 10]
    var start = view.startIndex
    while let place = view[start...].firstIndex(of: 13) {
      if view[place...].starts(with: blank) { return place + 4 }
      start = place + 1
    }
    return nil
  }

  private func upgrade(_ context: ChannelHandlerContext) {
    state = .upgraded
    let pipeline = context.pipeline.syncOperations
    pipeline.removeHandler(name: EngineConnector.encoder, promise: nil)
    pipeline.removeHandler(name: EngineConnector.decoder, promise: nil)
    opened.succeed()
  }

  func channelInactive(context: ChannelHandlerContext) {
    if case .upgraded = state { return stream.finish(.closed) }
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard case .upgraded = state else { return context.fireErrorCaught(error) }
    stream.finish(.broken(EngineAPIError.oneLine("\(error)")))
    context.close(promise: nil)
  }
}
