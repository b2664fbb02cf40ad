public import JSON

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
