import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// The client's side of one connection through the proxy.
final class ProxyFront: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let port: Int
  private let plan: CuttingProxy.Plan
  private let cuts: CuttingProxy.Count
  private var back: (any Channel)?
  private var early: [ByteBuffer] = []
  private var cut: (after: Int, isReset: Bool)?
  private var passed = 0
  private var isOver = false

  init(_ port: Int, _ plan: @escaping CuttingProxy.Plan, _ cuts: CuttingProxy.Count) {
    (self.port, self.plan, self.cuts) = (port, plan, cuts)
  }

  func channelActive(context: ChannelHandlerContext) {
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    ClientBootstrap(group: context.eventLoop)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(ProxyBack(bound.value.0, bound.value.1))
        }
      }.connect(host: "127.0.0.1", port: port).whenComplete { result in
        let (front, context) = bound.value
        switch result {
        case .success(let channel): front.connected(channel)
        case .failure: context.close(promise: nil)
        }
      }
  }

  private func connected(_ channel: any Channel) {
    back = channel
    for bytes in early { channel.writeAndFlush(bytes, promise: nil) }
    early = []
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data)
    if cut == nil, String(buffer: bytes).contains("/attach") { cut = plan() }
    if let back { back.writeAndFlush(bytes, promise: nil) } else { early.append(bytes) }
  }

  /// Passes on what the server sent, as far as it goes.
  func pass(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
    guard !isOver else { return }
    guard let cut, passed + bytes.readableBytes > cut.after else {
      passed += bytes.readableBytes
      return context.writeAndFlush(NIOAny(bytes), promise: nil)
    }
    isOver = true
    cuts.value.add(1, ordering: .relaxed)
    let rest = bytes.getSlice(at: bytes.readerIndex, length: max(0, cut.after - passed)) ?? ByteBuffer()
    let written = context.eventLoop.makePromise(of: Void.self)
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    let channel = context.channel
    written.futureResult.whenComplete { _ in bound.value.hangUp(channel, isReset: cut.isReset) }
    context.writeAndFlush(NIOAny(rest), promise: written)
  }

  private func hangUp(_ channel: any Channel, isReset: Bool) {
    if isReset {
      (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in }
      (back as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in }
    }
    channel.close(promise: nil)
    back?.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) { back?.close(promise: nil) }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// The server's side.
private final class ProxyBack: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let front: ProxyFront
  private let context: ChannelHandlerContext

  init(_ front: ProxyFront, _ context: ChannelHandlerContext) { (self.front, self.context) = (front, context) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) { front.pass(unwrapInboundIn(data), self.context) }

  func channelInactive(context: ChannelHandlerContext) { self.context.close(promise: nil) }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
