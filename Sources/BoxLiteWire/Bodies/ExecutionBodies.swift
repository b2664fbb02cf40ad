public import JSON

/// The status of an execution, by the protocol's word; clients take the last three as final.
public enum ExecutionStatus: String, Hashable, Sendable, CaseIterable {
  /// Not over, or its end was not handed over.
  case running
  /// Over.
  case completed
  /// Over: it was killed through the API.
  case killed
  /// Over: its time limit expired.
  case timedOut = "timed_out"

  /// Whether it is final.
  public var isOver: Bool { self != .running }
}

/// A client's request to run a command.
public struct ExecBody: Sendable {
  /// The program.
  public var command: String
  /// Its arguments.
  public var arguments: [String]
  /// Variables by name; of a repeated name the last one counts.
  public var environment: [(name: String, value: String)]
  /// The working directory; the box's default when nil.
  public var workingDirectory: String?
  /// Seconds until the command is terminated, above 0; nil for no limit.
  public var timeout: Double?
  /// Whether the command gets a terminal.
  public var terminal: Bool
  /// Input written at the start, after which the input is closed.
  public var input: String?
  /// The user: `name|uid[:group|gid]`; nil for the box's default user.
  public var user: String?

  /// The maximum time limit, in seconds: ten years.
  public static let longestTimeout = 315_360_000.0

  /// Creates a request.
  public init(
    command: String, arguments: [String] = [], environment: [(name: String, value: String)] = [],
    workingDirectory: String? = nil, timeout: Double? = nil, terminal: Bool = false, input: String? = nil,
    user: String? = nil
  ) {
    (self.command, self.arguments, self.environment) = (command, arguments, environment)
    (self.workingDirectory, self.timeout, self.terminal) = (workingDirectory, timeout, terminal)
    (self.input, self.user) = (input, user)
  }

  /// The request as JSON; nil and empty fields are left out, as in BoxLite's clients.
  public var json: JSONValue {
    var members = [JSONMember("command", .string(command)), JSONMember("tty", .bool(terminal))]
    if !arguments.isEmpty { members.append(JSONMember("args", .array(arguments.map(JSONValue.string)))) }
    if !environment.isEmpty {
      members.append(JSONMember("env", .object(environment.map { JSONMember($0.name, .string($0.value)) })))
    }
    if let workingDirectory { members.append(JSONMember("working_dir", .string(workingDirectory))) }
    if let timeout { members.append(JSONMember("timeout_seconds", .number(timeout))) }
    if let input { members.append(JSONMember("stdin", .string(input))) }
    if let user { members.append(JSONMember("user", .string(user))) }
    return .object(members)
  }

  /// Parses a request's body.
  ///
  /// - Throws: ``/JSON/JSONError`` that names the field.
  public init(body: [UInt8]) throws(JSONError) {
    let object = try JSONObject(body: body)
    guard let command = try object.word("command") else { throw JSONError("field 'command' is missing") }
    guard !command.isEmpty else { throw JSONError("field 'command' must not be empty") }
    self.command = command
    arguments = try object.words("args")
    environment = try object.variables("env")
    workingDirectory = try object.word("working_dir")
    terminal = try object.bool("tty") ?? false
    input = try object.string("stdin")
    user = try object.user("user")
    timeout = try Self.timeout(try object.number("timeout_seconds"))
  }

  private static func timeout(_ seconds: Double?) throws(JSONError) -> Double? {
    guard let seconds else { return nil }
    guard seconds >= 0, seconds <= longestTimeout else {
      throw JSONError("field 'timeout_seconds' must be 0 to \(Int64(longestTimeout)), not \(seconds)")
    }
    return seconds
  }
}

/// An execution in a server's answer.
public struct ExecutionReply: Hashable, Sendable {
  /// Its identifier.
  public var id: String
  /// Its status.
  public var status: ExecutionStatus
  /// Its exit code, negative for a signal; only when it is over.
  public var exitCode: Int32?
  /// The command, words joined by spaces.
  public var command: String
  /// Whether a client is attached.
  public var isAttached: Bool
  /// Why it could not start or was cut.
  public var error: String?
  /// When it was started, in RFC 3339 form.
  public var started: String

  /// Creates a reply.
  public init(
    id: String, status: ExecutionStatus, exitCode: Int32?, command: String, isAttached: Bool, error: String?,
    started: String
  ) {
    (self.id, self.status, self.exitCode, self.command) = (id, status, exitCode, command)
    (self.isAttached, self.error, self.started) = (isAttached, error, started)
  }

  /// Parses a server's answer as BoxLite's clients do: a status that is not a known final one
  /// counts as running.
  ///
  /// - Throws: ``/JSON/JSONError`` that names the field.
  public init(_ object: JSONObject) throws(JSONError) {
    id = try object.requiredString("execution_id")
    status = ExecutionStatus(rawValue: try object.requiredString("status")) ?? .running
    exitCode = try object.integer("exit_code").map { Int32(clamping: $0) }
    command = try object.string("command") ?? ""
    isAttached = try object.bool("attached") ?? false
    error = try object.string("error_message")
    started = try object.string("started_at") ?? ""
  }

  /// The reply as JSON; unknown values are left out.
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

/// A boxwatch's additional fields for its own user, beside those of BoxLite's protocol.
public struct ExecutionDetails: Hashable, Sendable {
  /// The state of an execution, whether or not its end was handed over.
  public enum State: String, Hashable, Sendable, CaseIterable {
    /// The command has not started yet.
    case starting
    /// Running.
    case running
    /// It ended, and its streams are still held open.
    case draining
    /// Its streams are being given up.
    case emptying
    /// Over: the terminal event is published.
    case done
  }

  /// Its name; nil for none.
  public var name: String?
  /// The name of its box.
  public var box: String
  /// The state.
  public var state: State
  /// The number of bytes of standard output so far.
  public var stdoutBytes: UInt64
  /// The number of bytes of standard error so far.
  public var stderrBytes: UInt64

  /// Creates details.
  public init(name: String?, box: String, state: State, stdoutBytes: UInt64, stderrBytes: UInt64) {
    (self.name, self.box, self.state) = (name, box, state)
    (self.stdoutBytes, self.stderrBytes) = (stdoutBytes, stderrBytes)
  }

  /// The members added to an execution's reply; a nil name is left out.
  public var members: [JSONMember] {
    let name = name.map { [JSONMember("name", .string($0))] } ?? []
    return name + [
      JSONMember("box", .string(box)), JSONMember("state", .string(state.rawValue)),
      JSONMember("stdout_bytes", .integer(Int64(clamping: stdoutBytes))),
      JSONMember("stderr_bytes", .integer(Int64(clamping: stderrBytes))),
    ]
  }
}

/// A client's request to send a signal; the list is BoxLite's.
public struct SignalBody: Hashable, Sendable {
  /// The signals that BoxLite lets clients send: HUP, INT, QUIT, ABRT, USR1, USR2, TERM, WINCH by
  /// Linux's numbers.
  public static let standard: [Int32] = [1, 2, 3, 6, 10, 12, 15, 28]
  /// All signals of Linux.
  public static let all: [Int32] = Array(1...64)

  /// The signal's number.
  public var number: Int32

  /// Creates a request; the server decides whether it accepts the number.
  public init(number: Int32) { self.number = number }

  /// The request as JSON.
  public var json: JSONValue { .object([JSONMember("signal", .integer(Int64(number)))]) }

  /// Parses a request's body.
  ///
  /// - Parameters:
  ///   - body: the JSON text.
  ///   - allowed: the allowed signals.
  /// - Throws: ``/JSON/JSONError`` for a number that is not allowed.
  public init(body: [UInt8], allowed: [Int32] = standard) throws(JSONError) {
    try self.init(try JSONObject(body: body), field: "signal", allowed)
  }

  init(_ object: JSONObject, field: String, _ allowed: [Int32]) throws(JSONError) {
    let number = Int32(try object.requiredInteger(field, in: 1...64))
    guard allowed.contains(number) else {
      let list = allowed.map(String.init).joined(separator: ", ")
      throw JSONError("signal \(number) cannot be sent; use one of \(list), or DELETE the execution to kill it")
    }
    self.number = number
  }
}

/// A terminal's new size.
public struct ResizeBody: Hashable, Sendable {
  /// Columns, 1 to 65,535.
  public var columns: UInt16
  /// Rows, 1 to 65,535.
  public var rows: UInt16

  /// Creates a request.
  public init(columns: UInt16, rows: UInt16) { (self.columns, self.rows) = (columns, rows) }

  /// The request as JSON.
  public var json: JSONValue {
    .object([JSONMember("cols", .integer(Int64(columns))), JSONMember("rows", .integer(Int64(rows)))])
  }

  /// Parses a request's body.
  ///
  /// - Throws: ``/JSON/JSONError`` that names the field.
  public init(body: [UInt8]) throws(JSONError) { try self.init(try JSONObject(body: body)) }

  init(_ object: JSONObject) throws(JSONError) {
    columns = UInt16(try object.requiredInteger("cols", in: 1...65_535))
    rows = UInt16(try object.requiredInteger("rows", in: 1...65_535))
  }
}
