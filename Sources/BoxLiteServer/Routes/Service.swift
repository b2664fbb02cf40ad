import BoxLiteWire
import ExecModel

/// Answers requests; every one may block for as long as a command takes to start.
struct Service: Sendable {
  let store: Store

  func answer(_ request: Request) throws(ErrorReply) -> Response {
    guard let route = Route(path: request.path) else {
      throw ErrorReply(.notFound, "there is nothing at \(request.path.prefix(200))")
    }
    switch (route, request.method) {
    case (.config, .get): return .ok(Self.config)
    case (.me, .get): return .ok(.object([JSONMember("principal", .string("boxwatch"))]))
    case (.metrics, .get): return .ok(store.metrics())
    case (.boxes, .get): return .ok(list())
    case (.boxes, .post): return .created(try store.create(try read(request, CreateBoxBody.init)).json)
    case (.box(let box), let method): return try answer(box, method, request)
    case (.start(let box), .post): return .ok(try store.start(box).json)
    case (.stop(let box), .post): return .ok(try store.stop(box).json)
    case (.boxMetrics(let box), .get): return .ok(try store.metrics(box))
    case (.exec(let box), .post):
      let id = try store.exec(box, try read(request, ExecBody.init))
      return .created(.object([JSONMember("execution_id", .string(id.description))]))
    case (.executions(let box), .get): return .ok(.array(try store.executions(box).map(\.json)))
    default: return try answerExecution(route, request)
    }
  }

  private func answerExecution(_ route: Route, _ request: Request) throws(ErrorReply) -> Response {
    switch (route, request.method) {
    case (.execution(let box, let id), .get): return .ok(try store.status(box, id).json)
    case (.execution(let box, let id), .delete): try store.kill(box, id)
    case (.signal(let box, let id), .post): try store.signal(box, id, try read(request, SignalBody.init))
    case (.resize(let box, let id), .post): try store.resize(box, id, try read(request, ResizeBody.init))
    case (.attach, .get): throw ErrorReply(.invalidArgument, "attach needs a WebSocket upgrade (RFC 6455, version 13)")
    default: throw ErrorReply(.wrongMethod, "\(request.path.prefix(200)) does not take this method")
    }
    return .noContent
  }

  private func answer(_ box: String, _ method: Request.Method, _ request: Request) throws(ErrorReply) -> Response {
    switch method {
    case .get: return .ok(try store.find(box).json)
    case .head:
      _ = try store.find(box)
      return .noContent
    case .delete:
      try store.remove(box, force: request.query.split(separator: "&").contains("force=true"))
      return .noContent
    case .post, .other: throw ErrorReply(.wrongMethod, "a box takes GET, HEAD and DELETE")
    }
  }

  private func list() -> JSONValue { .object([JSONMember("boxes", .array(store.boxes().map(\.json)))]) }

  private func read<Body>(
    _ request: Request, _ body: ([UInt8]) throws(WireError) -> Body
  ) throws(ErrorReply) -> Body {
    do throws(WireError) { return try body(request.body) } catch {
      throw ErrorReply(.invalidArgument, error.description)
    }
  }

  private static let config = JSONValue.object([
    JSONMember("server", .string("boxwatch")),
    JSONMember(
      "capabilities",
      .object([
        JSONMember("attach_offsets", .bool(true)), JSONMember("list_executions", .bool(true)),
        JSONMember("watchers", .bool(true)),
      ])),
  ])
}
