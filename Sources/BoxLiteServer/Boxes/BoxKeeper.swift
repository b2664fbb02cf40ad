import BoxLiteWire
import ExecEngine
import ExecModel
import JSON

/// Where and how a command of a client's box runs.
struct BoxPlace: Sendable {
  /// The client's box.
  let id: String
  /// The back-end box.
  let box: any Box
  /// The variables of every command, in order.
  var environment: [EnvironmentVariable] = []
  /// The directory of a command that names none.
  var workingDirectory: String?
  /// The user of a command that names none.
  var user: String?
  /// The client's box, as it is displayed.
  var description: ClientBox?
}

/// A box created by a client: a name for executions of the back end, with the client's data.
struct BoxRecord {
  let id: String
  let body: CreateBoxBody
  var status = BoxStatus.configured
  let created = Timestamp.now()
  var updated = Timestamp.now()

  /// The approximate number of bytes it takes to keep.
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
  /// The maximum size of its labels, and of its image's name: every execution's record includes
  /// them.
  private static let room = 4096

  /// A box in the client's terms; labels that do not fit are dropped, last names first.
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

  /// The JSON for the user who runs the process.
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
  /// Refuses a request that names a user when the box supports only one.
  func checkUser() throws(ErrorReply) {
    if let userRefusal { throw ErrorReply(.unsupported, "field 'user': \(userRefusal)") }
  }
}

/// Stores the boxes that clients create: this server, or another server behind it.
///
/// Every method may be called from any thread, and may take as long as the other server needs.
protocol BoxKeeper: Sendable {
  /// Creates a box.
  func create(_ body: CreateBoxBody) throws(ErrorReply) -> BoxReply

  /// All boxes, in creation order.
  func list() throws(ErrorReply) -> [BoxReply]

  /// A box by identifier or name.
  func find(_ box: String) throws(ErrorReply) -> BoxReply

  /// Allows commands in it.
  func start(_ box: String) throws(ErrorReply) -> BoxReply

  /// Allows no further commands in it; the caller ends those that are running.
  func stop(_ box: String) throws(ErrorReply) -> BoxReply

  /// Removes a box and returns its identifier; a running box only by force.
  func remove(_ box: String, force: Bool) throws(ErrorReply) -> String

  /// The box to run a command in; starts it if it is not running.
  func open(_ box: String) throws(ErrorReply) -> BoxPlace

  /// Why commands may no longer run in a box; nil when they may, or when the other server decides.
  ///
  /// Called right after a start, as a box can be stopped or removed between its opening and the
  /// start.
  func objection(to box: String) -> ErrorReply?

  /// The identifier of a box given its identifier or name; the text itself when there is no such
  /// box.
  func identifier(_ text: String) -> String
}
