public import JSON

/// A server's abilities.
public struct ConfigReply: Hashable, Sendable {
  /// The server's name, such as `boxwatch`; nil when it has none.
  public var server: String?
  /// Whether an attach may name start offsets, so that a reconnect neither repeats nor loses bytes.
  public var attachesAtOffsets = false
  /// Whether a box's executions can be listed.
  public var listsExecutions = false
  /// Whether any number of clients may attach with `stdin=0`.
  public var hasWatchers = false

  /// Creates the abilities that every server has.
  public init() {}

  /// Parses a server's answer; an ability that it does not mention is absent.
  ///
  /// - Throws: ``/JSON/JSONError`` for a value of the wrong type.
  public init(_ object: JSONObject) throws(JSONError) {
    server = try object.string("server")
    guard let capabilities = try object.object("capabilities") else { return }
    attachesAtOffsets = (try? capabilities.bool("attach_offsets")) ?? false
    listsExecutions = (try? capabilities.bool("list_executions")) ?? false
    hasWatchers = (try? capabilities.bool("watchers")) ?? false
  }
}

/// A server's identity.
public struct MeReply: Hashable, Sendable {
  /// The principal's name; `boxwatch` for one of ours.
  public var principal: String
  /// The process number; only from a boxwatch's private socket.
  public var processIdentifier: Int64?
  /// The kind of boxwatch: `monitor`, `run`, `serve` or `detached`; only from a private socket.
  public var kind: String?
  /// The folder of its journals; only from a private socket.
  public var executionsDirectory: String?
  /// The address of its public server, if it has one.
  public var address: String?
  /// The running executions without a current journal; only from a private socket.
  public var unrecorded: [UnrecordedReply] = []

  /// Creates a reply.
  public init(
    principal: String, processIdentifier: Int64? = nil, kind: String? = nil, executionsDirectory: String? = nil,
    address: String? = nil
  ) {
    (self.principal, self.processIdentifier, self.kind) = (principal, processIdentifier, kind)
    (self.executionsDirectory, self.address) = (executionsDirectory, address)
  }

  /// Parses a server's answer.
  ///
  /// - Throws: ``/JSON/JSONError`` that names the field.
  public init(_ object: JSONObject) throws(JSONError) {
    principal = try object.string("principal") ?? ""
    processIdentifier = try object.integer("pid")
    kind = try object.string("kind")
    executionsDirectory = try object.string("executions_directory")
    address = try object.string("address")
    unrecorded = try object.array("unrecorded").objects("unrecorded").mapEach(UnrecordedReply.init)
  }

  /// The reply as JSON; nil fields are left out.
  public var json: JSONValue {
    var members = [JSONMember("principal", .string(principal))]
    if let processIdentifier { members.append(JSONMember("pid", .integer(processIdentifier))) }
    for (name, value) in [("kind", kind), ("executions_directory", executionsDirectory), ("address", address)] {
      if let value { members.append(JSONMember(name, .string(value))) }
    }
    return .object(members)
  }
}

/// A running execution without a current journal: only the private socket of its boxwatch reports
/// it.
public struct UnrecordedReply: Hashable, Sendable {
  /// Its identifier.
  public var id: String
  /// When it was created, in nanoseconds since 1970.
  public var created: Int64
  /// The name of its box.
  public var box: String
  /// Its name; nil for none.
  public var name: String?
  /// The command and its arguments.
  public var command: [String]
  /// Whether its input can be written.
  public var takesInput: Bool
  /// The state.
  public var state: ExecutionDetails.State
  /// The number of bytes of standard output so far.
  public var stdoutBytes: UInt64
  /// The number of bytes of standard error so far.
  public var stderrBytes: UInt64
  /// Why its record is lost, as an error number; nil while the loss is unnoticed.
  public var lossError: Int32?
  /// Whether the loss of the record was accepted in advance.
  public var isLossAccepted: Bool

  /// Creates a reply.
  public init(
    id: String, created: Int64, box: String, name: String?, command: [String], takesInput: Bool,
    state: ExecutionDetails.State, stdoutBytes: UInt64, stderrBytes: UInt64, error: (number: Int32, isAccepted: Bool)?
  ) {
    (self.id, self.created, self.box, self.name, self.command) = (id, created, box, name, command)
    (self.takesInput, self.state) = (takesInput, state)
    (self.stdoutBytes, self.stderrBytes) = (stdoutBytes, stderrBytes)
    (lossError, isLossAccepted) = (error?.number, error?.isAccepted ?? false)
  }

  /// Parses another boxwatch's answer.
  ///
  /// - Throws: ``/JSON/JSONError`` that names the field.
  public init(_ object: JSONObject) throws(JSONError) {
    id = try object.requiredString("execution_id")
    created = max(0, try object.integer("created") ?? 0)
    box = try object.requiredString("box")
    name = try object.string("name")
    command = try object.strings("command")
    takesInput = try object.bool("takes_input") ?? false
    state = ExecutionDetails.State(rawValue: try object.requiredString("state")) ?? .running
    stdoutBytes = UInt64(clamping: try object.integer("stdout_bytes") ?? 0)
    stderrBytes = UInt64(clamping: try object.integer("stderr_bytes") ?? 0)
    lossError = try object.integer("loss_errno").map { Int32(clamping: $0) }
    isLossAccepted = try object.bool("loss_accepted") ?? false
  }

  /// The reply as JSON; nil fields are left out.
  public var json: JSONValue {
    let name = name.map { [JSONMember("name", .string($0))] } ?? []
    let loss = lossError.map { [JSONMember("loss_errno", .integer(Int64($0)))] } ?? []
    return .object(
      [
        JSONMember("execution_id", .string(id)), JSONMember("created", .integer(created)),
        JSONMember("box", .string(box)), JSONMember("command", .array(command.map(JSONValue.string))),
        JSONMember("takes_input", .bool(takesInput)), JSONMember("state", .string(state.rawValue)),
        JSONMember("stdout_bytes", .integer(Int64(clamping: stdoutBytes))),
        JSONMember("stderr_bytes", .integer(Int64(clamping: stderrBytes))),
        JSONMember("loss_accepted", .bool(isLossAccepted)),
      ] + name + loss)
  }
}
