public import JSON

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
