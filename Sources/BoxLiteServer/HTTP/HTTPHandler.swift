import BoxLiteWire
import ExecModel
import JSON
import NIOCore
import NIOHTTP1
import NIOPosix

/// The identifier of a request in its answer and in logs.
enum RequestID {
  /// The client's identifier when it is a valid header value, otherwise a new one.
  static func of(_ head: HTTPRequestHead) -> String {
    if let text = head.headers.first(name: "x-request-id"), (1...128).contains(text.utf8.count),
      text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    {
      return text
    }
    return new()
  }

  /// A new identifier.
  static func new() -> String { String(UInt64.random(in: .min ... .max), radix: 16) }
}

extension HTTPRequestHead {
  /// The announced length of a request's body; nil for none, and for a chunked body.
  var announcedLength: Int? { headers.first(name: "content-length").flatMap { Int($0) } }

  /// Whether a body follows (RFC 9112, section 6.3).
  var announcesBody: Bool { headers.contains(name: "transfer-encoding") || (announcedLength ?? 0) > 0 }

  /// Whether the client waits for 100 Continue before it sends the body (RFC 9110, section 10.1.1).
  var expectsContinue: Bool {
    version == .http1_1 && headers[canonicalForm: "expect"].contains { $0.lowercased() == "100-continue" }
  }
}

/// Reads one request after the other from a connection, and has each answered off the event loop.
final class HTTPHandler: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  private let service: any Answering
  let visitor: Visitor
  private let gate: AttachGate
  private let pool: NIOThreadPool
  private let bodies: Room
  let answers: Room
  private let limits: ServerLimits
  private let times: ServerTimes
  private var head: HTTPRequestHead?
  private var body: [UInt8] = []
  private var failure: ErrorReply?
  private var timer: Scheduled<Void>?
  /// Whether the socket is not read because the client does not take its answers.
  private var isReadHeld = false
  /// A complete request that waits until the client has taken the previous answer.
  private var waiting: HTTPRequestHead?
  /// Whether the last answer was given before the end of its request: further data is dropped.
  var isHangingUp = false

  init(_ server: ServerParts, _ gate: AttachGate, _ visitor: Visitor) {
    (service, pool) = (server.service, server.threads.workers)
    (self.gate, self.visitor) = (gate, visitor)
    (bodies, answers) = (server.bodies, server.answers)
    (limits, times) = (server.configuration.limits, server.configuration.times)
  }

  func handlerAdded(context: ChannelHandlerContext) { if context.channel.isActive { waitForRequest(context) } }

  func channelActive(context: ChannelHandlerContext) {
    waitForRequest(context)
    context.fireChannelActive()
  }

  func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.cancel()
    dropBody()
    // The connection ended during its upgrade.
    if let ticket = gate.takeTicket() { service.store.release(ticket, .open) }
    context.fireChannelInactive()
  }

  /// Holds back reading while answers are pending; the timeout of the next request runs meanwhile.
  ///
  /// A request already read with others is not answered either: a single read can hold a thousand
  /// short requests.
  func read(context: ChannelHandlerContext) {
    if context.channel.isWritable { context.read() } else { isReadHeld = true }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if isReadHeld, context.channel.isWritable {
      isReadHeld = false
      context.read()
    }
    if context.channel.isWritable, let head = waiting.take() { answer(head, context) }
    context.fireChannelWritabilityChanged()
  }

  /// Closes a connection that sends no complete request in time, however slowly it sends.
  func waitForRequest(_ context: ChannelHandlerContext) {
    timer?.cancel()
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    timer = context.eventLoop.scheduleTask(in: TimeAmount(patience)) { bound.value.close(promise: nil) }
  }

  /// A connection without a key occupies a place that others need.
  private var patience: Duration {
    if visitor.standing != nil { return min(times.key, .seconds(5)) }
    return visitor.isKnown ? times.request : min(times.key, times.request)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if isHangingUp { return }
    switch unwrapInboundIn(data) {
    case .head(let head): begin(head, context)
    case .body(let bytes):
      guard let head else { return }
      guard body.count + bytes.readableBytes <= limits.body else { return refuse(head, tooLarge, context) }
      guard bodies.take(bytes.readableBytes) else { return refuse(head, Self.crowded, context) }
      body.append(contentsOf: bytes.readableBytesView)
    case .end:
      guard let head else { return }
      self.head = nil
      if context.channel.isWritable { answer(head, context) } else { waiting = head }
    }
  }

  /// Answers at once when the head alone is refused, and does not request the body.
  private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    dropBody()
    failure = refusal(head)
    self.head = head
    guard head.announcesBody else { return }
    if let failure { return refuse(head, failure, context) }
    if head.expectsContinue {
      context.writeAndFlush(
        wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
    }
  }

  /// Answers during a request whose rest is not wanted.
  private func refuse(_ head: HTTPRequestHead, _ failure: ErrorReply, _ context: ChannelHandlerContext) {
    timer?.cancel()
    isHangingUp = true
    dropBody()
    let requestID = RequestID.of(head)
    send(.failed(failure, requestID: requestID), head, requestID, context)
  }

  private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    timer?.cancel()
    let requestID = RequestID.of(head)
    if let failure { return send(.failed(failure, requestID: requestID), head, requestID, context) }
    let request = Request(method: head.method.rawValue, target: head.uri, body: body)
    // The body is in the worker's queue: its room is released with the answer.
    let held = body.count
    body = []
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    let answered = pool.runIfActive(eventLoop: context.eventLoop) { [service] in
      do throws(ErrorReply) { return try service.answer(request) } catch {
        return Response.failed(error, requestID: requestID)
      }
    }
    answered.whenComplete { [bodies] _ in bodies.giveBack(held) }
    answered.whenSuccess { response in
      let (handler, context) = bound.value
      handler.send(response, head, requestID, context)
    }
  }

  private func dropBody() {
    bodies.giveBack(body.count)
    body = []
  }

  static let crowded = ErrorReply(
    .resourceExhausted, "this server holds too much data for its clients: try again later")

  private func refusal(_ head: HTTPRequestHead) -> ErrorReply? {
    let isOpen = Route(path: Request(method: "GET", target: head.uri).path) == .config
    if let refusal = visitor.refusal(of: head.headers, isOpen: isOpen) { return refusal }
    return gate.takeRefusal() ?? ((head.announcedLength ?? 0) > limits.body ? tooLarge : nil)
  }

  private var tooLarge: ErrorReply { ErrorReply(.tooLarge, "the body is larger than \(limits.body) bytes") }
}

// Answers.
extension HTTPHandler {
  /// An answer up to this size needs no room among the pending answers.
  private static let small = 4096

  func send(_ response: Response, _ head: HTTPRequestHead, _ requestID: String, _ context: ChannelHandlerContext) {
    let text = response.body?.text
    let size = (text?.utf8.count ?? 0) <= Self.small || head.method == .HEAD ? 0 : text?.utf8.count ?? 0
    guard answers.take(size) else {
      return send(.failed(Self.crowded, requestID: requestID), head, requestID, context)
    }
    let keepsAlive = head.isKeepAlive && visitor.standing == nil && !isHangingUp && response.status != 413
    let written = context.eventLoop.makePromise(of: Void.self)
    written.futureResult.whenComplete { [answers] _ in answers.giveBack(size) }
    write(response.status, text, isBodyless: head.method == .HEAD, requestID, keepsAlive, context, written)
    if isHangingUp { return context.hangUp() }
    guard keepsAlive else {
      let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
      return written.futureResult.whenComplete { _ in bound.value.close(promise: nil) }
    }
    waitForRequest(context)
  }

  private func write(
    _ status: Int, _ text: String?, isBodyless: Bool, _ requestID: String, _ keepsAlive: Bool,
    _ context: ChannelHandlerContext, _ written: EventLoopPromise<Void>
  ) {
    var headers = HTTPHeaders([("x-request-id", requestID), ("connection", keepsAlive ? "keep-alive" : "close")])
    if let text {
      headers.add(name: "content-type", value: "application/json")
      headers.add(name: "content-length", value: String(text.utf8.count))
    }
    let head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: status), headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if let text, !isBodyless {
      context.write(wrapOutboundOut(.body(.byteBuffer(context.channel.allocator.buffer(string: text)))), promise: nil)
    }
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
  }
}
