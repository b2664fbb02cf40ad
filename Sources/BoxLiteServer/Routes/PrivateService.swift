import BoxLiteWire
import ExecEngine
import ExecModel
import Glibc
import JSON

/// Serves the user who runs this boxwatch: one box that shows every execution; commands cannot be
/// started.
struct PrivateService: Answering {
  /// The name and identifier of the only box.
  static let box = "all"

  let store: Store
  let kind: InstanceKind
  /// The address of the same process's public server.
  let address: ListenAddress?
  let signals = SignalBody.all
  private let created = Timestamp.now()

  init(_ store: Store, _ kind: InstanceKind, _ address: ListenAddress?) {
    (self.store, self.kind, self.address) = (store, kind, address)
  }

  func answer(_ request: Request) throws(ErrorReply) -> Response {
    guard let route = Route(path: request.path) else {
      throw ErrorReply(.notFound, "there is nothing at \(request.path.prefix(200))")
    }
    switch (route, request.method) {
    case (.config, .get): return .ok(Service.config)
    case (.me, .get): return .ok(me)
    case (.metrics, .get): return .ok(store.metrics(boxes: 1))
    case (.boxes, .get): return .ok(.object([JSONMember("boxes", .array([reply.json]))]))
    case (.box(let box), .get), (.box(let box), .head):
      try check(box)
      return request.method == .get ? .ok(reply.json) : .noContent
    case (.executions(let box), .get):
      try check(box)
      return .ok(.array(store.everything()))
    case (.execution(let box, let id), .get): return .ok(try store.fullReply(try identify(box, id)))
    default: return try obey(route, request)
    }
  }

  private func obey(_ route: Route, _ request: Request) throws(ErrorReply) -> Response {
    switch (route, request.method) {
    case (.execution(let box, let id), .delete): store.kill(try identify(box, id))
    case (.signal(let box, let id), .post):
      let id = try identify(box, id)
      try store.signal(id, try read(request) { body throws(JSONError) in try SignalBody(body: body, allowed: signals) })
    case (.resize(let box, let id), .post): store.resize(try identify(box, id), try read(request, ResizeBody.init))
    case (.attach, .get): throw ErrorReply(.invalidArgument, "attach needs a WebSocket upgrade (RFC 6455, version 13)")
    case (.boxes, .post), (.box, .delete), (.exec, .post), (.start, .post), (.stop, .post):
      throw ErrorReply(
        .wrongMethod,
        "this is the private socket of a running boxwatch: it shows and controls executions, but does not start any")
    default: throw ErrorReply(.wrongMethod, "\(request.path.prefix(200)) does not support this method")
    }
    return .noContent
  }

  func claim(_ box: String, _ execution: String, _ query: AttachQuery) throws(ErrorReply) -> AttachTicket {
    try store.claim(try identify(box, execution), query)
  }

  private func identify(_ box: String, _ execution: String) throws(ErrorReply) -> ExecutionID {
    try check(box)
    return try store.identify(execution)
  }

  private func check(_ box: String) throws(ErrorReply) {
    guard box == Self.box else {
      throw ErrorReply(.notFound, "there is no box '\(box.prefix(200))': the only one is '\(Self.box)'")
    }
  }

  private var me: JSONValue {
    let address = address.map { [JSONMember("address", .string($0.description))] } ?? []
    let unrecorded = store.unrecorded().map(\.json)
    return .object(
      [
        JSONMember("principal", .string("boxwatch")), JSONMember("pid", .integer(Int64(getpid()))),
        JSONMember("kind", .string(kind.rawValue)),
        JSONMember("executions_directory", .string("\(store.engine.executionsDirectory)")),
        JSONMember("unrecorded", .array(unrecorded)),
      ] + address)
  }

  private var reply: BoxReply {
    BoxReply(
      id: Self.box, name: Self.box, status: .running, created: created, updated: created, image: "", cpus: 1,
      memory: 512, labels: [:])
  }
}
