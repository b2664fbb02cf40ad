import BoxLiteClient
import BoxLiteWire
import ExecEngine
import ExecModel
import Synchronization

/// The boxes of another BoxLite server: requests are forwarded to it, and its errors passed on.
///
/// Commands run there too, but through our engine: they are recorded here, and any number of
/// clients may watch.
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

  /// Cached facts about boxes: names and identifiers, which do not change, and descriptions.
  private struct Known {
    /// Identifiers by identifier and by name.
    var identifiers: [String: String] = [:]
    var boxes: [String: BoxLiteBox] = [:]
    /// Descriptions by identifier, from the last answer.
    var descriptions: [String: ClientBox] = [:]

    mutating func forget(_ id: String) {
      identifiers = identifiers.filter { $0.value != id }
      boxes[id] = nil
      descriptions[id] = nil
    }
  }

  /// Where the operator gives the other server's key.
  private static let keyPlace = "$BOXWATCH_UPSTREAM_KEY"
  /// The maximum number of cached boxes; others are requested again.
  private static let memory = 4096

  init(_ endpoint: Endpoint, key: String?) {
    (self.endpoint, self.key) = (endpoint, key)
    client = RESTClient(endpoint, key: key, keyPlace: Self.keyPlace)
  }

  /// Sends a request to the other server.
  private func ask<Reply>(
    _ body: (RESTClient) throws(ClientError) -> Reply
  ) throws(ErrorReply) -> Reply {
    do throws(ClientError) { return try body(client) } catch { throw ErrorReply(error) }
  }

  /// Refuses a name that cannot be part of another server's path: it cannot be a box's.
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

  /// One per box: it asks the server once for its abilities.
  private func place(_ id: String) -> BoxPlace {
    known.withLock { known in
      let target = BoxLiteTarget(endpoint: endpoint, box: id)
      let box = known.boxes[id] ?? BoxLiteBox(target: target, key: key, options: options)
      known.boxes[id] = box
      return BoxPlace(id: id, box: box, description: known.descriptions[id])
    }
  }

  /// The other server starts the command, and refuses by itself.
  func objection(to box: String) -> ErrorReply? { nil }

  func identifier(_ text: String) -> String { known.withLock { $0.identifiers[text] ?? text } }
}

extension ErrorReply {
  /// Passes on the other server's error; an unreachable server is reported as such.
  init(_ error: ClientError) { self.init(Self.kind(error), error.description) }

  private static func kind(_ error: ClientError) -> ErrorKind {
    guard let status = error.status else { return .upstreamUnavailable }
    // The other server requires a key from us, which the client cannot give.
    if status == 401 || status == 403 { return .upstreamUnavailable }
    let alike = ErrorKind.allCases.filter { $0.words.status == status }
    return alike.first { $0.words.code == error.code } ?? alike.first ?? .upstreamUnavailable
  }
}
