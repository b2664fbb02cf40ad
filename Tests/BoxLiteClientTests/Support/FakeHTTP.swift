import BoxLiteWire
import JSON
import NIOCore
import NIOHTTP1
import Synchronization

/// Answers plain requests.
final class FakeHTTP: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let server: FakeServer
  private let gate: FakeGate
  private var head: HTTPRequestHead?
  private var body: [UInt8] = []

  init(_ server: FakeServer, _ gate: FakeGate) { (self.server, self.gate) = (server, gate) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): (self.head, body) = (head, [])
    case .body(let bytes): body += Array(bytes.readableBytesView)
    case .end:
      guard let head else { return }
      let (status, text) = answer(head)
      send(status, text, context)
    }
  }

  /// A refused upgrade goes on as a plain request, whose answer says why.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if error is HTTPParserError { context.close(promise: nil) }
  }

  private func answer(_ head: HTTPRequestHead) -> (Int, String?) {
    if let status = gate.takeRefusal() {
      return (status, #"{"error":{"message":"refused with \#(status)","type":"X","code":"refused"}}"#)
    }
    let path = String(head.uri.split(separator: "?").first ?? "")
    let planned = server.state.value.withLock { state in
      state.heads.append(head)
      return state.answers[path]
    }
    if let planned { return planned }
    let parts = path.split(separator: "/").map(String.init)
    if parts == ["v1", "config"] { return (200, #"{"capabilities":{"snapshots":false}}"#) }
    if parts.count == 4, parts[3] == "exec" { return exec() }
    guard parts.count >= 5, parts[3] == "executions" else { return (404, Self.unknown) }
    return execution(parts[4], parts.count > 5 ? parts[5] : "", head.method)
  }

  private static let unknown = #"{"error":{"message":"no such thing","type":"NotFoundError","code":"not_found"}}"#

  private func exec() -> (Int, String?) {
    guard let request = try? ExecBody(body: body) else { return (400, #"{"message":"bad body","code":400}"#) }
    let id = server.state.value.withLock { state in
      state.next += 1
      state.executions["e\(state.next)"] = FakeExecution()
      return "e\(state.next)"
    }
    server.script(request, server, id)
    return (201, #"{"execution_id":"\#(id)"}"#)
  }

  private func execution(_ id: String, _ verb: String, _ method: HTTPMethod) -> (Int, String?) {
    guard let execution = server.execution(id), execution.isKnown else { return (404, Self.unknown) }
    switch (verb, method) {
    case ("", .GET): return (200, execution.status.text)
    case ("", .DELETE):
      server.change { $0.executions[id]?.code = -9 }
      return (204, nil)
    case ("signal", .POST):
      guard let signal = try? SignalBody(body: body) else { return (400, #"{"message":"bad signal"}"#) }
      server.change { $0.executions[id]?.signals.append(signal.number) }
    case ("resize", .POST):
      guard let size = try? ResizeBody(body: body) else { return (400, #"{"message":"bad size"}"#) }
      server.change { $0.executions[id]?.sizes.append(size) }
    default: return (404, Self.unknown)
    }
    return (204, nil)
  }

  private func send(_ status: Int, _ text: String?, _ context: ChannelHandlerContext) {
    var headers = HTTPHeaders()
    if let text { headers.add(name: "content-length", value: "\(text.utf8.count)") }
    let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if let text { context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil) }
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }
}
