import BoxLiteWire
import JSON
import NIOCore
import NIOHTTP1
import NIOWebSocket
import Synchronization

/// Adds the handlers of a new connection: HTTP first, WebSocket after an upgrade.
struct ConnectionSetup: Sendable {
  private static let httpHandler = "boxlite-http"

  let parts: ServerParts

  func fit(_ channel: any Channel, _ visitor: Visitor) throws {
    let gate = AttachGate(parts.service, visitor)
    let upgrade: NIOHTTPServerUpgradeSendableConfiguration = (
      upgraders: visitor.standing == nil ? [upgrader(gate)] : [],
      completionHandler: { $0.pipeline.removeHandler(name: Self.httpHandler, promise: nil) }
    )
    let pipeline = channel.pipeline.syncOperations
    if let certificate = parts.certificate {
      try pipeline.addHandlers(Hatch(), certificate.handler())
    }
    try pipeline.configureHTTPServerPipeline(withServerUpgrade: upgrade, withErrorHandling: false)
    try pipeline.addHandler(HTTPErrorHandler())
    try pipeline.addHandler(HTTPHandler(parts, gate, visitor), name: Self.httpHandler)
  }

  private func upgrader(_ gate: AttachGate) -> NIOWebSocketServerUpgrader {
    NIOWebSocketServerUpgrader(
      maxFrameSize: parts.configuration.limits.frame, automaticErrorHandling: false,
      shouldUpgrade: { channel, head in
        channel.eventLoop.makeSucceededFuture(gate.opens(for: head) ? HTTPHeaders() : nil)
      },
      upgradePipelineHandler: { channel, _ in
        channel.eventLoop.makeCompletedFuture { try attach(channel, gate) }
      })
  }

  private func attach(_ channel: any Channel, _ gate: AttachGate) throws {
    guard let ticket = gate.takeTicket() else { return channel.close(promise: nil) }
    let limits = parts.configuration.limits
    let pipeline = channel.pipeline.syncOperations
    let bytes = ClientBytes(parts)
    let decoder = try pipeline.handler(type: ByteToMessageHandler<WebSocketFrameDecoder>.self)
    try pipeline.addHandler(InputGate(bytes), position: .before(decoder))
    try pipeline.addHandler(FrameCheck(bytes))
    try pipeline.addHandler(
      NIOWebSocketFrameAggregator(
        minNonFinalFragmentSize: 1, maxAccumulatedFrameCount: limits.fragments,
        maxAccumulatedFrameSize: limits.frame))
    try pipeline.addHandler(AttachHandler(parts, ticket, bytes))
  }
}

/// Decides one connection's upgrade: the claim is taken before it, so that a refusal is an HTTP
/// answer.
final class AttachGate: Sendable {
  private struct State {
    var ticket: AttachTicket?
    var refusal: ErrorReply?
  }

  private let service: any Answering
  private let visitor: Visitor
  private let state = Mutex(State())

  init(_ service: any Answering, _ visitor: Visitor) { (self.service, self.visitor) = (service, visitor) }

  /// Whether a request may become a WebSocket; if not, the reason is kept for the HTTP answer.
  func opens(for head: HTTPRequestHead) -> Bool {
    let request = Request(method: head.method.rawValue, target: head.uri)
    guard case .attach(let box, let execution) = Route(path: request.path), head.method == .GET,
      // RFC 6455, section 4.2.1; NIO checks only `Upgrade`.
      head.headers[canonicalForm: "connection"].contains(where: { $0.lowercased() == "upgrade" })
    else { return false }
    let outcome = claim(box, execution, request.query, head)
    return state.withLock { state in
      switch outcome {
      case .success(let ticket): state.ticket = ticket
      case .failure(let refusal): state.refusal = refusal
      }
      return state.refusal == nil
    }
  }

  private func claim(
    _ box: String, _ execution: String, _ query: Substring, _ head: HTTPRequestHead
  ) -> Result<AttachTicket, ErrorReply> {
    if let refusal = visitor.refusal(of: head.headers) { return .failure(refusal) }
    // The upgrade waits for the end of the request; a claim held meanwhile would keep other writers
    // out.
    if head.announcesBody { return .failure(ErrorReply(.invalidArgument, "an attach request cannot have a body")) }
    let asked: AttachQuery
    do { asked = try AttachQuery(query) } catch { return .failure(ErrorReply(.invalidArgument, error.description)) }
    return Result { () throws(ErrorReply) in try service.claim(box, execution, asked) }
  }

  /// The claim, to be released by the caller.
  func takeTicket() -> AttachTicket? { state.withLock { $0.ticket.take() } }

  /// Why there was no upgrade.
  func takeRefusal() -> ErrorReply? { state.withLock { $0.refusal.take() } }
}

/// Answers invalid HTTP with one error and closes the connection.
final class HTTPErrorHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private var isClosing = false

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if !isClosing { context.fireChannelRead(data) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // A refused upgrade continues as a plain request, whose answer gives the reason.
    if error is NIOWebSocketUpgradeError { return }
    if isClosing { return }
    guard let error = error as? HTTPParserError else { return context.close(promise: nil) }
    isClosing = true
    let isTooLarge = error == .headerOverflow
    let reply =
      isTooLarge
      ? ErrorReply(.tooLarge, "the headers are too large") : ErrorReply(.invalidArgument, "this is not an HTTP request")
    // The client's request identifier cannot be read.
    let requestID = RequestID.new()
    let text = reply.json(requestID: requestID).text
    let headers = HTTPHeaders([
      ("x-request-id", requestID), ("content-type", "application/json"), ("content-length", String(text.utf8.count)),
      ("connection", "close"),
    ])
    let status: HTTPResponseStatus = isTooLarge ? .requestHeaderFieldsTooLarge : .badRequest
    context.write(
      wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(context.channel.allocator.buffer(string: text)))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    context.hangUp()
  }
}

extension ChannelHandlerContext {
  /// Closes the connection after the pending writes, while the client may still be sending.
  ///
  /// Closing a socket with unread data sends a reset, which may discard the answer: incoming data
  /// is read and dropped meanwhile.
  func hangUp() {
    close(mode: .output, promise: nil)
    let bound = NIOLoopBound(self, eventLoop: eventLoop)
    eventLoop.scheduleTask(in: .seconds(2)) { bound.value.close(promise: nil) }
  }
}
