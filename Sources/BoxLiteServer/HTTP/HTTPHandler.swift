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
  private let admission: Admission
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
  /// Whether the last answer was given before its request's end: what still comes is dropped.
  private var isHangingUp = false

  init(_ server: ServerParts, _ gate: AttachGate, isRefused: Bool) {
    (service, admission, pool) = (server.service, server.admission, server.threads.workers)
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
    if isHangingUp { return }
    switch unwrapInboundIn(data) {
    case .head(let head): begin(head, context)
    case .body(let bytes):
      guard let head else { return }
      guard body.count + bytes.readableBytes <= limits.body else { return refuse(head, tooLarge, context) }
      body.append(contentsOf: bytes.readableBytesView)
    case .end:
      guard let head else { return }
      self.head = nil
      answer(head, context)
    }
  }

  /// What is refused by its head alone is answered at once, and its body not asked for.
  private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    (body, failure) = ([], refusal(head))
    self.head = head
    guard head.announcesBody else { return }
    if let failure { return refuse(head, failure, context) }
    if head.expectsContinue {
      context.writeAndFlush(
        wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
    }
  }

  /// Answers amid a request, whose rest is not wanted.
  private func refuse(_ head: HTTPRequestHead, _ failure: ErrorReply, _ context: ChannelHandlerContext) {
    timer?.cancel()
    (isHangingUp, body) = (true, [])
    let requestID = RequestID.of(head)
    send(.failed(failure, requestID: requestID), head, requestID, context)
  }

  private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    timer?.cancel()
    let requestID = RequestID.of(head)
    if let failure { return send(.failed(failure, requestID: requestID), head, requestID, context) }
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
    if let refusal = admission.refusal(of: head.headers, isOpen: isOpen) { return refusal }
    return gate.takeRefusal() ?? ((head.announcedLength ?? 0) > limits.body ? tooLarge : nil)
  }

  private var tooLarge: ErrorReply { ErrorReply(.tooLarge, "the body is larger than \(limits.body) bytes") }

  private func send(
    _ response: Response, _ head: HTTPRequestHead, _ requestID: String, _ context: ChannelHandlerContext
  ) {
    let status = HTTPResponseStatus(statusCode: response.status)
    let text = response.body?.text
    let keepsAlive = head.isKeepAlive && !isRefused && !isHangingUp && response.status != 413
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
    if isHangingUp {
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
      return context.hangUp()
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
