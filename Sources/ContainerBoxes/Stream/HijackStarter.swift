import ExecEngine
import ExecModel
import NIOCore
import NIOHTTP1

/// Makes something on an event loop and waits, on another thread, until it has begun.
enum SessionStart {
  /// - Throws: the ``BoxError`` that the session began with.
  static func wait<Session>(
    on loop: any EventLoop, _ make: @escaping @Sendable () -> (Session, EventLoopFuture<Void>)
  ) throws(BoxError) -> NIOLoopBound<Session> {
    guard !loop.inEventLoop else {
      throw BoxError(.box, "a container's command cannot be started from within a report of its engine's")
    }
    do {
      return try loop.flatSubmit {
        let (session, begun) = make()
        let bound = NIOLoopBound(session, eventLoop: loop)
        return begun.map { bound }
      }.wait()
    } catch let error as BoxError {
      throw error
    } catch {
      throw BoxError(.box, EngineAPIError.oneLine("\(error)"))
    }
  }
}

/// Waits for the answer to a request whose connection becomes a stream, and passes the stream on.
///
/// Engines answer 101 to a request to upgrade, and 200 to one that they (or a proxy before them) did not see; both mean
/// the same (Docker Engine API, ExecStart). 101 is ``UpgradeSwitch``'s.
final class HijackStarter: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias InboundOut = ByteBuffer

  private let address: EngineAddress
  private let opened: EventLoopPromise<Void>
  private var refusal: EngineReply?
  private var isOpen = false

  /// - Parameter opened: answered when the stream begins, or will not.
  init(_ address: EngineAddress, opened: EventLoopPromise<Void>) {
    self.address = address
    self.opened = opened
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): begin(head, context)
    case .body(let bytes):
      if refusal == nil { context.fireChannelRead(wrapInboundOut(bytes)) } else { refuse(bytes) }
    case .end: end(context)
    }
  }

  private func begin(_ head: HTTPResponseHead, _ context: ChannelHandlerContext) {
    guard (200..<300).contains(head.status.code) else {
      refusal = EngineReply(status: Int(head.status.code))
      return
    }
    isOpen = true
    // What is written from here on are the command's own bytes.
    context.pipeline.syncOperations.removeHandler(name: EngineConnector.encoder, promise: nil)
    opened.succeed()
  }

  private func refuse(_ bytes: ByteBuffer) {
    guard let size = refusal?.body.count, size < 1 << 20 else { return }
    refusal?.body.append(contentsOf: bytes.readableBytesView)
  }

  private func end(_ context: ChannelHandlerContext) {
    guard let refusal else { return context.fireUserInboundEventTriggered(StreamEnd.said) }
    opened.fail(EngineAPIError.refusal(refusal, address))
    context.close(promise: nil)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if !isOpen { opened.fail(EngineAPIError(error, at: address)) }
    context.fireErrorCaught(error)
  }

  func channelInactive(context: ChannelHandlerContext) {
    if !isOpen { opened.fail(EngineAPIError(.cut, "the engine at \(address) ended the connection before it answered")) }
    context.fireChannelInactive()
  }
}

/// Keeps a terminal's new sizes, which go by requests of their own, in order among each other and with what is typed.
final class SizeQueue {
  private let loop: any EventLoop
  private var last: EventLoopFuture<Void>?

  init(_ loop: any EventLoop) { self.loop = loop }

  /// Sends a size after the one before was answered; a refusal is no trouble.
  func add(_ send: @escaping @Sendable () -> EventLoopFuture<Void>) {
    let before = last ?? loop.makeSucceededVoidFuture()
    let next = before.flatMap(send).recover { _ in }
    last = next
    next.assumeIsolated().whenComplete { [self] _ in
      if last === next { last = nil }
    }
  }

  /// Does something after all sizes that were added, at once when there are none.
  func after(_ work: @escaping () -> Void) {
    guard let last else { return work() }
    last.assumeIsolated().whenComplete { _ in work() }
  }
}
