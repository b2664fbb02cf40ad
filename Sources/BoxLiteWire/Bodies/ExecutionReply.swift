public import JSON

/// An execution as the server tells of it.
public struct ExecutionReply: Hashable, Sendable {
  /// Its identifier.
  public var id: String
  /// Where it stands.
  public var status: ExecutionStatus
  /// Its exit code, negative for a signal; only of one that is over.
  public var exitCode: Int32?
  /// The command, words joined by spaces.
  public var command: String
  /// Whether a client is attached.
  public var isAttached: Bool
  /// Why it could not start or was cut.
  public var error: String?
  /// When it was started, RFC 3339.
  public var started: String

  /// Makes a reply.
  public init(
    id: String, status: ExecutionStatus, exitCode: Int32?, command: String, isAttached: Bool, error: String?,
    started: String
  ) {
    (self.id, self.status, self.exitCode, self.command) = (id, status, exitCode, command)
    (self.isAttached, self.error, self.started) = (isAttached, error, started)
  }

  /// Reads a server's answer as BoxLite's clients do: a status that is no known end counts as running.
  ///
  /// - Throws: ``JSONError`` that names the field.
  public init(_ object: JSONObject) throws(JSONError) {
    id = try object.requiredString("execution_id")
    status = ExecutionStatus(rawValue: try object.requiredString("status")) ?? .running
    exitCode = try object.integer("exit_code").map { Int32(clamping: $0) }
    command = try object.string("command") ?? ""
    isAttached = try object.bool("attached") ?? false
    error = try object.string("error_message")
    started = try object.string("started_at") ?? ""
  }

  /// The reply as JSON; what is not known is left out.
  public var json: JSONValue {
    var members = [
      JSONMember("execution_id", .string(id)), JSONMember("status", .string(status.rawValue)),
      JSONMember("command", .string(command)), JSONMember("attached", .bool(isAttached)),
      JSONMember("started_at", .string(started)),
    ]
    if let exitCode { members.append(JSONMember("exit_code", .integer(Int64(exitCode)))) }
    if let error { members.append(JSONMember("error_message", .string(error))) }
    return .object(members)
  }
}
