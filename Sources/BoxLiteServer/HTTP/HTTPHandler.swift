import BoxLiteWire
import ExecModel
import NIOCore
import NIOHTTP1
import NIOPosix

/// Reads one request after the other of a connection, and has each answered away from the event loop.
final class HTTPHandler: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  private let service: any Answering
  private let key: AccessKey?
  private let gate: AttachGate
  private let pool: NIOThreadPool
  private let isRefused: Bool
  private let limits: ServerLimits
  private let patience: TimeAmount
  private var head: HTTPRequestHead?
  private var body: [UInt8] = []
  private var failure: ErrorReply?
  private var timer: Scheduled<Void>?
  /// Whether the socket is not read because the client does not take its answers.
  private var isReadHeld = false

  init(_ server: ServerParts, _ gate: AttachGate, isRefused: Bool) {
    (service, key, pool) = (server.service, server.key, server.threads.workers)
    (self.gate, self.isRefused) = (gate, isRefused)
    limits = server.configuration.limits
    patience = TimeAmount(isRefused ? .seconds(5) : server.configuration.times.request)
  }

  func handlerAdded(context: ChannelHandlerContext) { if context.channel.isActive { waitForRequest(context) } }

  func channelActive(context: ChannelHandlerContext) {
    waitForRequest(context)
    context.fireChannelActive()
  }

  func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.cancel()
    // The connection ended amid its upgrade.
    if let ticket = gate.takeTicket() { service.store.release(ticket, .open) }
    context.fireChannelInactive()
  }

  /// Who does not take answers is not asked for more requests; the time for the next one runs meanwhile.
  func read(context: ChannelHandlerContext) {
    if context.channel.isWritable { context.read() } else { isReadHeld = true }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if isReadHeld, context.channel.isWritable {
      isReadHeld = false
      context.read()
    }
    context.fireChannelWritabilityChanged()
  }

  /// A connection that sends no whole request in time is closed, however slowly it sends.
  private func waitForRequest(_ context: ChannelHandlerContext) {
    timer?.cancel()
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    timer = context.eventLoop.scheduleTask(in: patience) { bound.value.close(promise: nil) }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      self.head = head
      (body, failure) = ([], nil)
    case .body(let bytes):
      guard failure == nil else { return }
      if body.count + bytes.readableBytes > limits.body {
        failure = ErrorReply(.tooLarge, "the body is larger than \(limits.body) bytes")
        body = []
      } else {
        body.append(contentsOf: bytes.readableBytesView)
      }
    case .end:
      guard let head else { return }
      self.head = nil
      answer(head, context)
    }
  }

  private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    timer?.cancel()
    let requestID = Self.requestID(head)
    if let refusal = refusal(head) {
      return send(.failed(refusal, requestID: requestID), head, requestID, context)
    }
    let request = Request(method: head.method.rawValue, target: head.uri, body: body)
    body = []
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    pool.runIfActive(eventLoop: context.eventLoop) { [service] in
      do throws(ErrorReply) { return try service.answer(request) } catch {
        return Response.failed(error, requestID: requestID)
      }
    }.whenSuccess { response in
      let (handler, context) = bound.value
      handler.send(response, head, requestID, context)
    }
  }

  private func refusal(_ head: HTTPRequestHead) -> ErrorReply? {
    if isRefused {
      return ErrorReply(.resourceExhausted, "this server has \(limits.sockets) connections already: try again later")
    }
    let isOpen = Route(path: Request(method: "GET", target: head.uri).path) == .config
    if !isOpen, let refusal = AccessKey.refusal(of: head.headers, key) { return refusal }
    return gate.takeRefusal() ?? failure
  }

  /// The client's own, when it can stand in a header, else a new one.
  private static func requestID(_ head: HTTPRequestHead) -> String {
    if let text = head.headers.first(name: "x-request-id"), (1...128).contains(text.utf8.count),
      text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    {
      return text
    }
    return String(UInt64.random(in: .min ... .max), radix: 16)
  }

  private func send(
    _ response: Response, _ head: HTTPRequestHead, _ requestID: String, _ context: ChannelHandlerContext
  ) {
    let status = HTTPResponseStatus(statusCode: response.status)
    let text = response.body?.text
    let keepsAlive = head.isKeepAlive && !isRefused && response.status != 413
    var headers = HTTPHeaders([("x-request-id", requestID), ("connection", keepsAlive ? "keep-alive" : "close")])
    if let text {
      headers.add(name: "content-type", value: "application/json")
      headers.add(name: "content-length", value: String(text.utf8.count))
    }
    context.write(
      wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))), promise: nil)
    if let text, head.method != .HEAD {
      context.write(wrapOutboundOut(.body(.byteBuffer(context.channel.allocator.buffer(string: text)))), promise: nil)
    }
    let written = context.eventLoop.makePromise(of: Void.self)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    guard keepsAlive else {
      let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
      return written.futureResult.whenComplete { _ in bound.value.close(promise: nil) }
    }
    waitForRequest(context)
  }
}
