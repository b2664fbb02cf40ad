public import JSON

/// What a server says that it can do.
public struct ConfigReply: Hashable, Sendable {
  /// The server's name for itself, such as `boxwatch`; nil when it has none.
  public var server: String?
  /// Whether an attach may name the bytes that the client has: no reconnect repeats or loses any then.
  public var attachesAtOffsets = false
  /// Whether a box's executions can be listed.
  public var listsExecutions = false
  /// Whether any number of clients may attach with `stdin=0`.
  public var hasWatchers = false

  /// What every server can do.
  public init() {}

  /// Reads a server's answer; what it does not say, it cannot do.
  ///
  /// - Throws: ``JSONError`` for a value of another kind.
  public init(_ object: JSONObject) throws(JSONError) {
    server = try object.string("server")
    guard let capabilities = try object.object("capabilities") else { return }
    attachesAtOffsets = (try? capabilities.bool("attach_offsets")) ?? false
    listsExecutions = (try? capabilities.bool("list_executions")) ?? false
    hasWatchers = (try? capabilities.bool("watchers")) ?? false
  }
}

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

/// An execution that runs and whose journal does not tell of it: only the private socket of its boxwatch does.
public struct UnrecordedReply: Hashable, Sendable {
  /// Its identifier.
  public var id: String
  /// When it was created, in nanoseconds since 1970.
  public var created: Int64
  /// The name of its box.
  public var box: String
  /// The name for people; nil for none.
  public var name: String?
  /// The command and its arguments.
  public var command: [String]
  /// Whether its input can be written to.
  public var takesInput: Bool
  /// Where it stands.
  public var state: ExecutionDetails.State
  /// Bytes of standard output so far.
  public var stdoutBytes: UInt64
  /// Bytes of standard error so far.
  public var stderrBytes: UInt64
  /// Why its record is lost, by error number; nil while nobody has noticed.
  public var lossError: Int32?
  /// Whether it was said beforehand that the record may be lost.
  public var isLossAccepted: Bool

  /// Makes a reply.
  public init(
    id: String, created: Int64, box: String, name: String?, command: [String], takesInput: Bool,
    state: ExecutionDetails.State, stdoutBytes: UInt64, stderrBytes: UInt64, error: (number: Int32, isAccepted: Bool)?
  ) {
    (self.id, self.created, self.box, self.name, self.command) = (id, created, box, name, command)
    (self.takesInput, self.state) = (takesInput, state)
    (self.stdoutBytes, self.stderrBytes) = (stdoutBytes, stderrBytes)
    (lossError, isLossAccepted) = (error?.number, error?.isAccepted ?? false)
  }

  /// Reads another boxwatch's answer.
  ///
  /// - Throws: ``JSONError`` that names the field.
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

  /// The reply as JSON; what is nil is left out.
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
