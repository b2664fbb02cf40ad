public import JSON

/// The status of a box, by the protocol's word.
public enum BoxStatus: String, Hashable, Sendable, CaseIterable {
  /// Created, not started.
  case configured
  /// Commands can run.
  case running
  /// Stopping.
  case stopping
  /// Stopped.
  case stopped
  /// Paused, with everything that is running in it.
  case paused
  /// Failed.
  case failed
  /// None of these, or unknown to the server.
  case unknown
}

/// A client's request to create a box; unsupported fields are ignored.
public struct CreateBoxBody: Hashable, Sendable {
  /// The client's name for it; unique among the boxes.
  public var name: String?
  /// The image that the client named; stored and displayed.
  public var image: String
  /// Labels by name, sorted.
  public var labels: [String: String]
  /// Variables for every command in the box.
  public var environment: [String: String]
  /// The directory of every command that names none.
  public var workingDirectory: String?
  /// The user of every command that names none; the box's default user when nil.
  public var user: String?
  /// The number of processors that the client requested; stored and displayed.
  public var cpus: Int64?
  /// Mebibytes of memory that the client requested; stored and displayed.
  public var memory: Int64?

  /// Creates a request.
  public init(
    name: String? = nil, image: String, labels: [String: String] = [:], environment: [String: String] = [:],
    workingDirectory: String? = nil, user: String? = nil, cpus: Int64? = nil, memory: Int64? = nil
  ) {
    (self.name, self.image, self.labels, self.environment) = (name, image, labels, environment)
    (self.workingDirectory, self.user, self.cpus, self.memory) = (workingDirectory, user, cpus, memory)
  }

  /// The request as JSON; nil and empty fields are left out, since a real server refuses fields
  /// that it does not know.
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

  /// Parses a request's body.
  ///
  /// - Throws: ``/JSON/JSONError`` that names the field.
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

  /// Names appear unescaped in paths, so they may contain only letters, digits, `.`, `_` and `-`.
  private static func check(_ name: String) throws(JSONError) {
    let isPlain = name.utf8.allSatisfy {
      (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || [45, 46, 95].contains($0)
    }
    guard isPlain, (1...128).contains(name.utf8.count), name != ".", name != ".." else {
      throw JSONError("field 'name' must be 1 to 128 letters, digits, '.', '_' or '-'")
    }
  }
}

/// A box in a server's answer.
public struct BoxReply: Hashable, Sendable {
  /// Its identifier: letters, digits, `_` and `-`.
  public var id: String
  /// The client's name for it.
  public var name: String?
  /// Its status.
  public var status: BoxStatus
  /// When it was created, in RFC 3339 form.
  public var created: String
  /// When its status last changed, in RFC 3339 form.
  public var updated: String
  /// The image that the client named.
  public var image: String
  /// The number of processors.
  public var cpus: Int64
  /// Mebibytes of memory.
  public var memory: Int64
  /// Labels.
  public var labels: [String: String]

  /// Creates a reply.
  public init(
    id: String, name: String?, status: BoxStatus, created: String, updated: String, image: String, cpus: Int64,
    memory: Int64, labels: [String: String]
  ) {
    (self.id, self.name, self.status, self.image) = (id, name, status, image)
    (self.created, self.updated) = (created, updated)
    (self.cpus, self.memory, self.labels) = (cpus, memory, labels)
  }

  /// Parses a server's answer: the identifier is required, an unknown status is
  /// ``BoxStatus/unknown``.
  ///
  /// - Throws: ``/JSON/JSONError`` that names the field.
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
