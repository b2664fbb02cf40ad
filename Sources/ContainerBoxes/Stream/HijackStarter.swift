import ExecEngine
import ExecModel
import NIOCore
import NIOHTTP1
import NetworkBase

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
/// Engines answer 101 to an upgrade request, and 200 when they (or a proxy before them) did not see the upgrade; both
/// mean the same (Docker Engine API, ExecStart). After a 200 the stream is an HTTP body. After a 101 it is the bytes
/// of the connection, and HTTP leaves the pipeline.
final class HijackStarter: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias InboundOut = ByteBuffer

  private enum Answer {
    case none, body, upgrade
    case refusal(EngineReply)
  }

  private let address: EngineAddress
  private let gate: UpgradeGate
  private let opened: EventLoopPromise<Void>
  private var answer = Answer.none

  /// - Parameters:
  ///   - gate: holds back what follows a 101.
  ///   - opened: completed when the stream begins, or failed.
  init(_ address: EngineAddress, _ gate: UpgradeGate, opened: EventLoopPromise<Void>) {
    (self.address, self.gate, self.opened) = (address, gate, opened)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): begin(head)
    case .body(let bytes): pass(bytes, context)
    case .end: end(context)
    }
  }

  private func begin(_ head: HTTPResponseHead) {
    switch head.status.code {
    case 101: answer = .upgrade
    case 200..<300: answer = .body
    default: return answer = .refusal(EngineReply(status: Int(head.status.code)))
    }
    opened.succeed()
  }

  private func pass(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
    guard case .refusal(var reply) = answer else { return context.fireChannelRead(wrapInboundOut(bytes)) }
    guard reply.body.count < 1 << 20 else { return }
    reply.body.append(contentsOf: bytes.readableBytesView)
    answer = .refusal(reply)
  }

  private func end(_ context: ChannelHandlerContext) {
    switch answer {
    case .upgrade: leaveHTTP(context)
    case .refusal(let reply):
      opened.fail(EngineAPIError.refusal(reply, address))
      context.close(promise: nil)
    case .none, .body: context.fireUserInboundEventTriggered(StreamEnd.said)
    }
  }

  /// Lets the bytes after the head pass once nothing takes them for HTTP.
  private func leaveHTTP(_ context: ChannelHandlerContext) {
    let hasLeft = context.eventLoop.makePromise(of: Void.self)
    hasLeft.futureResult.assumeIsolated().whenComplete { [gate] _ in gate.release() }
    context.pipeline.syncOperations.removeHandler(name: EngineConnector.decoder, promise: hasLeft)
    context.pipeline.syncOperations.removeHandler(self, promise: nil)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if case .none = answer { opened.fail(EngineAPIError(error, at: address)) }
    context.fireErrorCaught(error)
  }

  func channelInactive(context: ChannelHandlerContext) {
    opened.fail(EngineAPIError(.cut, "the engine at \(address) closed the connection before it answered"))
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
