import BoxLiteWire
import ExecModel
import JSON

/// A complete request.
struct Request: Sendable {
  enum Method: String, Sendable { case get = "GET", head = "HEAD", post = "POST", delete = "DELETE", other }

  let method: Method
  let path: Substring
  let query: Substring
  let body: [UInt8]

  init(method: String, target: String, body: [UInt8] = []) {
    self.method = Method(rawValue: method) ?? .other
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    path = parts.first ?? ""
    query = parts.count == 2 ? parts[1] : ""
    self.body = body
  }
}

/// An answer.
struct Response: Sendable {
  let status: Int
  let body: JSONValue?

  static let noContent = Response(status: 204, body: nil)

  static func ok(_ body: JSONValue) -> Response { Response(status: 200, body: body) }

  static func created(_ body: JSONValue) -> Response { Response(status: 201, body: body) }

  static func failed(_ error: ErrorReply, requestID: String?) -> Response {
    Response(status: error.kind.words.status, body: error.json(requestID: requestID))
  }
}

/// Answers requests and registers clients, by the rules of one kind of listener.
///
/// Every method may be called from any thread, and may block for as long as a command takes to
/// start.
protocol Answering: Sendable {
  var store: Store { get }
  /// The signals that may be sent.
  var signals: [Int32] { get }

  func answer(_ request: Request) throws(ErrorReply) -> Response

  /// Registers a client before its upgrade; must return quickly, as it is called on the event loop.
  func claim(_ box: String, _ execution: String, _ query: AttachQuery) throws(ErrorReply) -> AttachTicket
}

extension Answering {
  /// Parses a request's body.
  func read<Body>(
    _ request: Request, _ body: ([UInt8]) throws(JSONError) -> Body
  ) throws(ErrorReply) -> Body {
    do throws(JSONError) { return try body(request.body) } catch {
      throw ErrorReply(.invalidArgument, error.description)
    }
  }
}

/// Answers clients; every request may block for as long as a command takes to start.
struct Service: Answering {
  let store: Store
  let boxes: any BoxKeeper
  var signals: [Int32] { store.configuration.signals }

  func answer(_ request: Request) throws(ErrorReply) -> Response {
    guard let route = Route(path: request.path) else {
      throw ErrorReply(.notFound, "there is nothing at \(request.path.prefix(200))")
    }
    switch (route, request.method) {
    case (.config, .get): return .ok(Self.config)
    case (.me, .get): return .ok(.object([JSONMember("principal", .string("boxwatch"))]))
    case (.metrics, .get): return .ok(store.metrics(boxes: try boxes.list().count))
    case (.boxes, .get): return .ok(.object([JSONMember("boxes", .array(try boxes.list().map(\.json)))]))
    case (.boxes, .post): return .created(try boxes.create(try read(request, CreateBoxBody.init)).json)
    case (.box(let box), let method): return try answer(box, method, request)
    case (.start(let box), .post): return .ok(try boxes.start(box).json)
    case (.stop(let box), .post): return .ok(try stop(box).json)
    case (.boxMetrics(let box), .get): return .ok(store.metrics(of: try boxes.find(box).id))
    case (.exec(let box), .post):
      let id = try exec(box, try read(request, ExecBody.init))
      return .created(.object([JSONMember("execution_id", .string(id.description))]))
    case (.executions(let box), .get):
      return .ok(.array(store.executions(in: try boxes.find(box).id).map(\.json)))
    default: return try answerExecution(route, request)
    }
  }

  private func answerExecution(_ route: Route, _ request: Request) throws(ErrorReply) -> Response {
    switch (route, request.method) {
    case (.execution(let box, let id), .get): return .ok(try store.status(try identify(box, id)).json)
    case (.execution(let box, let id), .delete): store.kill(try identify(box, id))
    case (.signal(let box, let id), .post):
      let id = try identify(box, id)
      try store.signal(
        id, try read(request) { body throws(JSONError) in try SignalBody(body: body, allowed: signals) })
    case (.resize(let box, let id), .post): store.resize(try identify(box, id), try read(request, ResizeBody.init))
    case (.attach, .get): throw ErrorReply(.invalidArgument, "attach needs a WebSocket upgrade (RFC 6455, version 13)")
    default: throw ErrorReply(.wrongMethod, "\(request.path.prefix(200)) does not support this method")
    }
    return .noContent
  }

  private func answer(_ box: String, _ method: Request.Method, _ request: Request) throws(ErrorReply) -> Response {
    switch method {
    case .get: return .ok(try boxes.find(box).json)
    case .head:
      _ = try boxes.find(box)
      return .noContent
    case .delete:
      let force = request.query.split(separator: "&").contains("force=true")
      store.killAll(in: try boxes.remove(box, force: force))
      return .noContent
    case .post, .other: throw ErrorReply(.wrongMethod, "a box supports GET, HEAD and DELETE")
    }
  }

  func claim(_ box: String, _ execution: String, _ query: AttachQuery) throws(ErrorReply) -> AttachTicket {
    try store.claim(try identify(box, execution), query)
  }

  /// An execution outlives its box's removal; then only the box's identifier identifies it.
  private func identify(_ box: String, _ execution: String) throws(ErrorReply) -> ExecutionID {
    try store.identify(execution, in: boxes.identifier(box))
  }

  private func exec(_ box: String, _ body: ExecBody) throws(ErrorReply) -> ExecutionID {
    let place = try boxes.open(box)
    let id: ExecutionID
    do throws(ErrorReply) { id = try store.exec(place, body) } catch {
      // The box may have been removed in the meantime: then that is the error.
      if error.kind == .executionFailed { _ = try boxes.find(place.id) }
      throw error
    }
    // A stop before the start found nothing to kill; a stop after this point finds the execution.
    if let objection = boxes.objection(to: place.id) {
      store.kill(id)
      throw objection
    }
    return id
  }

  private func stop(_ box: String) throws(ErrorReply) -> BoxReply {
    let reply = try boxes.stop(box)
    store.killAll(in: reply.id)
    return reply
  }

  static let config = JSONValue.object([
    JSONMember("server", .string("boxwatch")),
    JSONMember(
      "capabilities",
      .object([
        JSONMember("attach_offsets", .bool(true)), JSONMember("list_executions", .bool(true)),
        JSONMember("watchers", .bool(true)),
      ])),
  ])
}
