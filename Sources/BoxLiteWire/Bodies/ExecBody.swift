public import JSON

/// What a client asks to be run.
public struct ExecBody: Sendable {
  /// The program.
  public var command: String
  /// Its arguments.
  public var arguments: [String]
  /// Variables by name; a later one of the same name wins.
  public var environment: [(name: String, value: String)]
  /// The directory to run in; the box's own when nil.
  public var workingDirectory: String?
  /// Seconds until the command is ended, above 0; nil for no limit.
  public var timeout: Double?
  /// Whether the command gets a terminal.
  public var terminal: Bool
  /// Input that is written at the start; the input is closed then.
  public var input: String?
  /// Who runs it: `name|uid[:group|gid]`; nil for the box's own user.
  public var user: String?

  /// The longest time limit that is taken, in seconds: ten years.
  public static let longestTimeout = 315_360_000.0

  /// Makes a request.
  public init(
    command: String, arguments: [String] = [], environment: [(name: String, value: String)] = [],
    workingDirectory: String? = nil, timeout: Double? = nil, terminal: Bool = false, input: String? = nil,
    user: String? = nil
  ) {
    (self.command, self.arguments, self.environment) = (command, arguments, environment)
    (self.workingDirectory, self.timeout, self.terminal) = (workingDirectory, timeout, terminal)
    (self.input, self.user) = (input, user)
  }

  /// The request as JSON; what is nil or empty is left out, as BoxLite's clients do.
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

  /// Reads a request's body.
  ///
  /// - Throws: ``JSONError`` that names the field.
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
