public import JSON

/// What a box does, by the protocol's word.
public enum BoxStatus: String, Hashable, Sendable, CaseIterable {
  /// Created, not started.
  case configured
  /// Commands can run.
  case running
  /// Stopping.
  case stopping
  /// Stopped.
  case stopped
  /// Stopped for a while, with all that runs in it.
  case paused
  /// It cannot run.
  case failed
  /// None of these, or the server does not know.
  case unknown
}

/// What a client asks for when it creates a box; fields that mean nothing here are ignored.
public struct CreateBoxBody: Hashable, Sendable {
  /// A name that stays the client's; unique among the boxes.
  public var name: String?
  /// The image that the client named; kept and shown.
  public var image: String
  /// Labels by name, sorted.
  public var labels: [String: String]
  /// Variables for every command of the box.
  public var environment: [String: String]
  /// The directory of every command that names none.
  public var workingDirectory: String?
  /// Who runs every command that names nobody; the box's own user when nil.
  public var user: String?
  /// Number of processors that the client asked for; kept and shown.
  public var cpus: Int64?
  /// Mebibytes of memory that the client asked for; kept and shown.
  public var memory: Int64?

  /// Makes a request.
  public init(
    name: String? = nil, image: String, labels: [String: String] = [:], environment: [String: String] = [:],
    workingDirectory: String? = nil, user: String? = nil, cpus: Int64? = nil, memory: Int64? = nil
  ) {
    (self.name, self.image, self.labels, self.environment) = (name, image, labels, environment)
    (self.workingDirectory, self.user, self.cpus, self.memory) = (workingDirectory, user, cpus, memory)
  }

  /// The request as JSON; what is nil or empty is left out, since a real server refuses what it does not know.
  public var json: JSONValue {
    var members = [JSONMember("image", .string(image))]
    if let name { members.append(JSONMember("name", .string(name))) }
    if !labels.isEmpty { members.append(JSONMember("labels", Self.map(labels))) }
    if !environment.isEmpty { members.append(JSONMember("env", Self.map(environment))) }
    if let workingDirectory { members.append(JSONMember("working_dir", .string(workingDirectory))) }
    if let user { members.append(JSONMember("user", .string(user))) }
    if let cpus { members.append(JSONMember("cpus", .integer(cpus))) }
    if let memory { members.append(JSONMember("memory_mib", .integer(memory))) }
    return .object(members)
  }

  private static func map(_ pairs: [String: String]) -> JSONValue {
    .object(pairs.sorted { $0.key < $1.key }.map { JSONMember($0.key, .string($0.value)) })
  }

  /// Reads a request's body.
  ///
  /// - Throws: ``JSONError`` that names the field.
  public init(body: [UInt8]) throws(JSONError) {
    let object = try JSONObject(body: body)
    name = try object.string("name")
    image = try object.string("image") ?? ""
    labels = Dictionary(try object.textMap("labels").map { ($0.name, $0.value) }) { $1 }
    environment = Dictionary(try object.variables("env").map { ($0.name, $0.value) }) { $1 }
    workingDirectory = try object.word("working_dir")
    user = try object.user("user")
    cpus = try object.integer("cpus")
    memory = try object.integer("memory_mib")
    if let name { try Self.check(name) }
  }

  /// A name stands in the path unescaped, so it holds letters, digits, `.`, `_` and `-` only.
  private static func check(_ name: String) throws(JSONError) {
    let isPlain = name.utf8.allSatisfy {
      (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || [45, 46, 95].contains($0)
    }
    guard isPlain, (1...128).contains(name.utf8.count), name != ".", name != ".." else {
      throw JSONError("field 'name' must be 1 to 128 letters, digits, '.', '_' or '-'")
    }
  }
}

/// A box as the server tells of it.
public struct BoxReply: Hashable, Sendable {
  /// Its identifier: letters, digits, `_` and `-`.
  public var id: String
  /// The client's name for it.
  public var name: String?
  /// What it does.
  public var status: BoxStatus
  /// When it was created, RFC 3339.
  public var created: String
  /// When its status last changed, RFC 3339.
  public var updated: String
  /// The image the client named.
  public var image: String
  /// Processors.
  public var cpus: Int64
  /// Mebibytes of memory.
  public var memory: Int64
  /// Labels.
  public var labels: [String: String]

  /// Makes a reply.
  public init(
    id: String, name: String?, status: BoxStatus, created: String, updated: String, image: String, cpus: Int64,
    memory: Int64, labels: [String: String]
  ) {
    (self.id, self.name, self.status, self.image) = (id, name, status, image)
    (self.created, self.updated) = (created, updated)
    (self.cpus, self.memory, self.labels) = (cpus, memory, labels)
  }

  /// Reads a server's answer: the identifier must be there, an unknown status is ``BoxStatus/unknown``.
  ///
  /// - Throws: ``JSONError`` that names the field.
  public init(_ object: JSONObject) throws(JSONError) {
    id = try object.requiredString("box_id")
    name = try object.string("name")
    status = BoxStatus(rawValue: try object.string("status") ?? "") ?? .unknown
    (created, updated) = (try object.string("created_at") ?? "", try object.string("updated_at") ?? "")
    image = try object.string("image") ?? ""
    cpus = try object.integer("cpus") ?? 0
    memory = try object.integer("memory_mib") ?? 0
    labels = Dictionary(try object.textMap("labels").map { ($0.name, $0.value) }) { $1 }
  }

  /// The reply as JSON.
  public var json: JSONValue {
    let labels = labels.sorted { $0.key < $1.key }.map { JSONMember($0.key, .string($0.value)) }
    var members = [
      JSONMember("box_id", .string(id)), JSONMember("status", .string(status.rawValue)),
      JSONMember("created_at", .string(created)), JSONMember("updated_at", .string(updated)),
      JSONMember("image", .string(image)), JSONMember("cpus", .integer(cpus)),
      JSONMember("memory_mib", .integer(memory)), JSONMember("labels", .object(labels)),
    ]
    if let name { members.append(JSONMember("name", .string(name))) }
    return .object(members)
  }
}
