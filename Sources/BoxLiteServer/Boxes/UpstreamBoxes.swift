import BoxLiteClient
import BoxLiteWire
import ExecEngine
import ExecModel
import Synchronization

/// The boxes of another BoxLite server: what clients ask of them is asked there, with its errors.
///
/// Commands run there too, but through our engine: they are recorded here, and any number may watch.
final class UpstreamBoxes: BoxKeeper {
  private let endpoint: Endpoint
  private let key: String?
  private let client: RESTClient
  private var options: BoxLiteOptions {
    var options = BoxLiteOptions()
    options.keyPlace = Self.keyPlace
    return options
  }
  private let known = Mutex(Known())

  /// What was learnt of boxes: names and identifiers, which stay what they are, and what is shown of them.
  private struct Known {
    /// Identifiers by themselves and by names.
    var identifiers: [String: String] = [:]
    var boxes: [String: BoxLiteBox] = [:]
    /// What their clients call them, as it was last heard.
    var descriptions: [String: ClientBox] = [:]

    mutating func forget(_ id: String) {
      identifiers = identifiers.filter { $0.value != id }
      boxes[id] = nil
      descriptions[id] = nil
    }
  }

  /// Where whoever serves gives the other server's key.
  private static let keyPlace = "$BOXWATCH_UPSTREAM_KEY"
  /// More boxes than this are not remembered: they are asked for again.
  private static let memory = 4096

  init(_ endpoint: Endpoint, key: String?) {
    (self.endpoint, self.key) = (endpoint, key)
    client = RESTClient(endpoint, key: key, keyPlace: Self.keyPlace)
  }

  /// Asks the server behind us.
  private func ask<Reply>(
    _ body: (RESTClient) throws(ClientError) -> Reply
  ) throws(ErrorReply) -> Reply {
    do throws(ClientError) { return try body(client) } catch { throw ErrorReply(error) }
  }

  /// A name that can stand in a path of another server: what cannot be a box's is not asked for.
  private func check(_ box: String) throws(ErrorReply) {
    let isPlain = box.utf8.allSatisfy {
      (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || [45, 46, 95].contains($0)
    }
    guard isPlain, (1...128).contains(box.utf8.count), !box.allSatisfy({ $0 == "." }) else {
      throw ErrorReply(.notFound, "there is no box '\(box.prefix(200))'")
    }
  }

  private func note(_ reply: BoxReply) -> BoxReply {
    known.withLock { known in
      if known.identifiers.count > Self.memory { known = Known() }
      known.identifiers[reply.id] = reply.id
      known.descriptions[reply.id] = ClientBox(reply)
      if let name = reply.name { known.identifiers[name] = reply.id }
    }
    return reply
  }

  func create(_ body: CreateBoxBody) throws(ErrorReply) -> BoxReply {
    note(try ask { client throws(ClientError) in try client.createBox(body) })
  }

  func list() throws(ErrorReply) -> [BoxReply] {
    try ask { client throws(ClientError) in try client.boxes() }
  }

  func find(_ box: String) throws(ErrorReply) -> BoxReply {
    try check(box)
    return note(try ask { client throws(ClientError) in try client.box(box) })
  }

  func start(_ box: String) throws(ErrorReply) -> BoxReply {
    try check(box)
    try ask { client throws(ClientError) in try client.startBox(box) }
    return try find(box)
  }

  func stop(_ box: String) throws(ErrorReply) -> BoxReply {
    try check(box)
    try ask { client throws(ClientError) in try client.stopBox(box) }
    return try find(box)
  }

  func remove(_ box: String, force: Bool) throws(ErrorReply) -> String {
    let id = try find(box).id
    try ask { client throws(ClientError) in try client.removeBox(id, force: force) }
    known.withLock { $0.forget(id) }
    return id
  }

  func open(_ box: String) throws(ErrorReply) -> BoxPlace {
    if let id = known.withLock({ $0.identifiers[box] }) { return place(id) }
    return place(try find(box).id)
  }

  /// One for each box: it asks the server once what it can do.
  private func place(_ id: String) -> BoxPlace {
    known.withLock { known in
      let target = BoxLiteTarget(endpoint: endpoint, box: id)
      let box = known.boxes[id] ?? BoxLiteBox(target: target, key: key, options: options)
      known.boxes[id] = box
      return BoxPlace(id: id, box: box, description: known.descriptions[id])
    }
  }

  /// The other server starts the command, and says no itself.
  func objection(to box: String) -> ErrorReply? { nil }

  func identifier(_ text: String) -> String { known.withLock { $0.identifiers[text] ?? text } }
}

extension ErrorReply {
  /// What another server answered, passed on; its being out of reach is told as such.
  init(_ error: ClientError) { self.init(Self.kind(error), error.description) }

  private static func kind(_ error: ClientError) -> ErrorKind {
    guard let status = error.status else { return .upstreamUnavailable }
    // It wants a key of us, which is not the client's to give.
    if status == 401 || status == 403 { return .upstreamUnavailable }
    let alike = ErrorKind.allCases.filter { $0.words.status == status }
    return alike.first { $0.words.code == error.code } ?? alike.first ?? .upstreamUnavailable
  }
}
