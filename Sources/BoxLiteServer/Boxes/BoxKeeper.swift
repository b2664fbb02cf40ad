import BoxLiteWire
import ExecEngine
import ExecModel
import JSON

/// Where a command of a client's box runs, and with what.
struct BoxPlace: Sendable {
  /// The client's box.
  let id: String
  /// The back end.
  let box: any Box
  /// Variables of every command, in order.
  var environment: [EnvironmentVariable] = []
  /// The directory of a command that names none.
  var workingDirectory: String?
  /// Who runs a command that names nobody.
  var user: String?
  /// The client's box, as it is shown.
  var description: ClientBox?
}

/// A box that a client created: a name for executions of the back end, with what the client wants kept.
struct BoxRecord {
  let id: String
  let body: CreateBoxBody
  var status = BoxStatus.configured
  let created = Timestamp.now()
  var updated = Timestamp.now()

  /// Bytes that it costs to keep, about.
  let cost: Int

  init(id: String, body: CreateBoxBody) {
    (self.id, self.body) = (id, body)
    let texts = [body.name, body.image, body.workingDirectory, body.user].compactMap { $0?.utf8.count }
    cost = 512 + texts.reduce(0, +) + Self.cost(body.labels) + Self.cost(body.environment)
  }

  private static func cost(_ pairs: [String: String]) -> Int {
    pairs.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count + 64 }
  }

  mutating func become(_ status: BoxStatus) {
    guard self.status != status else { return }
    self.status = status
    updated = Timestamp.now()
  }

  var reply: BoxReply {
    BoxReply(
      id: id, name: body.name, status: status, created: created, updated: updated, image: body.image,
      cpus: min(max(body.cpus ?? 1, 1), 255), memory: min(max(body.memory ?? 512, 1), Int64(UInt32.max)),
      labels: body.labels)
  }
}

extension ClientBox {
  /// Most bytes of its labels, and of its image's name: every execution's record has them.
  private static let room = 4096

  /// A box as its client knows it; labels that there is no room for are left out, the last names first.
  init(_ reply: BoxReply) {
    var room = Self.room
    let labels = reply.labels.sorted { $0.key < $1.key }.prefix { label in
      room -= label.key.utf8.count &+ label.value.utf8.count
      return room >= 0
    }
    self.init(
      id: reply.id, name: reply.name, image: String(reply.image.prefix(Self.room)),
      labels: Dictionary(uniqueKeysWithValues: labels.map { ($0.key, $0.value) }))
  }

  /// For the user who runs us.
  var json: JSONValue {
    let name = name.map { [JSONMember("name", .string($0))] } ?? []
    let labels = labels.sorted { $0.key < $1.key }.map { JSONMember($0.key, .string($0.value)) }
    return .object(
      [JSONMember("id", .string(id))] + name + [
        JSONMember("image", .string(image)), JSONMember("labels", .object(labels)),
      ])
  }
}

extension Box {
  /// Refuses a request that names a user where the box knows only one.
  func checkUser() throws(ErrorReply) {
    if let userRefusal { throw ErrorReply(.unsupported, "field 'user': \(userRefusal)") }
  }
}

/// Who keeps the boxes that clients create: we, or another server behind us.
///
/// Every method may be called from any thread, and may take as long as the other server needs.
protocol BoxKeeper: Sendable {
  /// Makes a box.
  func create(_ body: CreateBoxBody) throws(ErrorReply) -> BoxReply

  /// All boxes, in the order of their creation.
  func list() throws(ErrorReply) -> [BoxReply]

  /// One box by its identifier or its name.
  func find(_ box: String) throws(ErrorReply) -> BoxReply

  /// Lets commands run in it.
  func start(_ box: String) throws(ErrorReply) -> BoxReply

  /// Lets no command run in it any more; ending those that do is the caller's.
  func stop(_ box: String) throws(ErrorReply) -> BoxReply

  /// Forgets it, and returns its identifier; one that runs only by force.
  func remove(_ box: String, force: Bool) throws(ErrorReply) -> String

  /// The box to run a command in; one that does not run yet is started by it.
  func open(_ box: String) throws(ErrorReply) -> BoxPlace

  /// Why no command may run in a box any more; nil when one may, or the other server will tell.
  ///
  /// Asked right after a start, as a box can be stopped or removed between its opening and the start.
  func objection(to box: String) -> ErrorReply?

  /// A box's identifier by its identifier or its name; the text itself when there is no such box, any more.
  func identifier(_ text: String) -> String
}
