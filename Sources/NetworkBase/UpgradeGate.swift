package import NIOCore

/// Sits before HTTP in a client's pipeline, and holds back what follows a 101 until HTTP has left the pipeline.
///
/// NIO's decoder leaves the pipeline one turn of the event loop after its removal was requested. It drops the bytes
/// that it has read past the head, when the connection ends before that turn. The whole output of a short command can
/// arrive with the head.
package final class UpgradeGate: ChannelInboundHandler, RemovableChannelHandler {
  package typealias InboundIn = ByteBuffer
  package typealias InboundOut = ByteBuffer
  package typealias OutboundOut = ByteBuffer

  private enum State {
    /// The answer's head is not complete.
    case head
    /// The head was a 101, and everything after it waits.
    case holding
    /// Everything is passed on.
    case open
  }

  /// How the connection ended while its bytes were held.
  private enum End {
    case input, error(any Error), connection
  }

  /// The maximum size of a head in bytes; the decoder has a lower limit, and reports it.
  private static let longestHead = 128 << 10

  private var state = State.head
  private var held = ByteBuffer()
  /// How many of the held bytes contain no end of a head.
  private var searched = 0
  private var ends: [End] = []
  private var context: ChannelHandlerContext?

  /// Creates a gate for one connection.
  package init() {}

  package func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  package func handlerRemoved(context: ChannelHandlerContext) {
    // The bytes would reach handlers that expect HTTP; an end is the same for all.
    if state == .holding { passEnds(context) }
    self.context = nil
  }

  /// Passes on everything that was held, in order, and everything that follows.
  ///
  /// Called once HTTP has left the pipeline; before a 101 it does nothing.
  package func release() {
    if let context, state == .holding { open(context) }
  }

  /// Writes bytes past HTTP.
  package func write(_ bytes: ByteBuffer) -> EventLoopFuture<Void>.Isolated? {
    context.map { context in
      let promise = context.eventLoop.makePromise(of: Void.self)
      context.writeAndFlush(wrapOutboundOut(bytes), promise: promise)
      return promise.futureResult.assumeIsolated()
    }
  }
}

// MARK: - Bytes

extension UpgradeGate {
  package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard state != .open else { return context.fireChannelRead(data) }
    held.writeImmutableBuffer(unwrapInboundIn(data))
    if state == .head { readHead(context) }
  }

  /// Passes a head on; one of an answer that is no 101 need not be complete.
  private func readHead(_ context: ChannelHandlerContext) {
    while let status = statusDigits {
      // 100, 102 and 103 precede the answer (RFC 9110, section 15.2).
      guard status.first == UInt8(ascii: "1"), held.readableBytes <= Self.longestHead else { return open(context) }
      guard let head = takeHead() else { return }
      let isUpgrade = status == Array("101".utf8)
      if isUpgrade { state = .holding }
      context.fireChannelRead(wrapInboundOut(head))
      if isUpgrade { return }
    }
  }

  /// The three digits after `HTTP/1.1 `; nil before they arrived, empty when there is no such line.
  private var statusDigits: [UInt8]? {
    let view = held.readableBytesView
    guard view.count >= 12 else { return nil }
    return view.starts(with: Array("HTTP/1.".utf8)) ? Array(view.dropFirst(9).prefix(3)) : []
  }

  /// Takes a head with the empty line after it; nil before it is complete.
  private func takeHead() -> ByteBuffer? {
    let view = held.readableBytesView
    let blank = Array("\r\n\r\n".utf8)
    var place = view.startIndex + max(0, searched - 3)
    while let next = view[place...].firstIndex(of: UInt8(ascii: "\r")) {
      if view[next...].starts(with: blank) {
        searched = 0
        return held.readSlice(length: next + blank.count - view.startIndex)
      }
      place = next + 1
    }
    searched = view.count
    return nil
  }

  private func open(_ context: ChannelHandlerContext) {
    state = .open
    let rest = held
    held = ByteBuffer()
    if rest.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(rest)) }
    context.fireChannelReadComplete()
    passEnds(context)
  }
}

// MARK: - Ends

extension UpgradeGate {
  package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard case ChannelEvent.inputClosed = event else { return context.fireUserInboundEventTriggered(event) }
    end(.input, context)
  }

  package func errorCaught(context: ChannelHandlerContext, error: any Error) {
    end(.error(error), context)
  }

  package func channelInactive(context: ChannelHandlerContext) {
    end(.connection, context)
  }

  /// Passes an end on behind all bytes before it; a part of a head is passed on first, for the decoder to refuse.
  private func end(_ end: End, _ context: ChannelHandlerContext) {
    ends.append(end)
    switch state {
    case .head where held.readableBytes > 0: open(context)
    case .head, .open: passEnds(context)
    case .holding: break
    }
  }

  private func passEnds(_ context: ChannelHandlerContext) {
    let waiting = ends
    ends = []
    for end in waiting {
      switch end {
      case .input: context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
      case .error(let error): context.fireErrorCaught(error)
      case .connection: context.fireChannelInactive()
      }
    }
  }
}
