public import JSON

/// Who a server says that it is.
public struct MeReply: Hashable, Sendable {
  /// Its name for who asks; `boxwatch` for one of ours.
  public var principal: String
  /// The process's number; only of a boxwatch's private socket.
  public var processIdentifier: Int64?
  /// What kind of boxwatch it is: `monitor`, `run`, `serve` or `detached`; only of a private socket.
  public var kind: String?
  /// The folder of its journals; only of a private socket.
  public var executionsDirectory: String?
  /// Where it serves others, when it does.
  public var address: String?
  /// What runs there without a journal that tells of it; only of a private socket.
  public var unrecorded: [UnrecordedReply] = []

  /// Makes a reply.
  public init(
    principal: String, processIdentifier: Int64? = nil, kind: String? = nil, executionsDirectory: String? = nil,
    address: String? = nil
  ) {
    (self.principal, self.processIdentifier, self.kind) = (principal, processIdentifier, kind)
    (self.executionsDirectory, self.address) = (executionsDirectory, address)
  }

  /// Reads a server's answer.
  ///
  /// - Throws: ``JSONError`` that names the field.
  public init(_ object: JSONObject) throws(JSONError) {
    principal = try object.string("principal") ?? ""
    processIdentifier = try object.integer("pid")
    kind = try object.string("kind")
    executionsDirectory = try object.string("executions_directory")
    address = try object.string("address")
    unrecorded = try object.array("unrecorded").objects("unrecorded").mapEach(UnrecordedReply.init)
  }

  /// The reply as JSON; what is nil is left out.
  public var json: JSONValue {
    var members = [JSONMember("principal", .string(principal))]
    if let processIdentifier { members.append(JSONMember("pid", .integer(processIdentifier))) }
    for (name, value) in [("kind", kind), ("executions_directory", executionsDirectory), ("address", address)] {
      if let value { members.append(JSONMember(name, .string(value))) }
    }
    return .object(members)
  }
}
