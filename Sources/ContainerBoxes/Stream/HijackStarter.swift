import ExecEngine
import ExecModel
import NIOCore
import NIOHTTP1

/// Creates a session on an event loop and waits, on another thread, until it has begun.
enum SessionStart {
  /// - Throws: the ``/ExecEngine/BoxError`` with which the session failed.
  static func wait<Session>(
    on loop: any EventLoop, _ make: @escaping @Sendable () -> (Session, EventLoopFuture<Void>)
  ) throws(BoxError) -> NIOLoopBound<Session> {
    guard !loop.inEventLoop else {
      throw BoxError(.box, "a container's command cannot be started on its engine's event loop")
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
/// Engines answer 101 to an upgrade request, and 200 when they (or a proxy before them) did not see
/// the upgrade; both mean the same (Docker Engine API, ExecStart). 101 is handled by
/// ``UpgradeSwitch``.
final class HijackStarter: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias InboundOut = ByteBuffer

  private let address: EngineAddress
  private let opened: EventLoopPromise<Void>
  private var refusal: EngineReply?
  private var isOpen = false

  /// - Parameter opened: completed when the stream begins, or failed.
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
    // Bytes written from here on are the command's own.
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
    if !isOpen {
      opened.fail(EngineAPIError(.cut, "the engine at \(address) closed the connection before it answered"))
    }
    context.fireChannelInactive()
  }
}

/// Orders a terminal's size changes, which are separate requests, among each other and with typed
/// input.
final class SizeQueue {
  private let loop: any EventLoop
  private var last: EventLoopFuture<Void>?

  init(_ loop: any EventLoop) { self.loop = loop }

  /// Sends a size after the previous one was answered; a refusal is ignored.
  func add(_ send: @escaping @Sendable () -> EventLoopFuture<Void>) {
    let before = last ?? loop.makeSucceededVoidFuture()
    let next = before.flatMap(send).recover { _ in }
    last = next
    next.assumeIsolated().whenComplete { [self] _ in
      if last === next { last = nil }
    }
  }

  /// Runs `work` after all queued sizes; at once when there are none.
  func after(_ work: @escaping () -> Void) {
    guard let last else { return work() }
    last.assumeIsolated().whenComplete { _ in work() }
  }
}
