/// What to run: everything a box needs to start one command.
public struct ExecutionSpec: Hashable, Sendable {
  /// Where the command's standard input comes from.
  public enum Input: Hashable, Sendable {
    /// Closed from the start: the command reads end of file (`/dev/null`).
    case closed
    /// A pipe, written by the engine's `write` and closed by `closeInput`.
    case pipe
    /// A file, opened for reading.
    case file(String)
  }

  /// The command and its arguments; the first is searched for in `PATH` unless it contains a slash.
  public var command: [String]
  /// A display name; the screen shows the command when nil.
  public var name: String?
  /// Variables added to the box's environment, in order; a later one overrides an earlier one.
  public var environment: [EnvironmentVariable]
  /// Working directory inside the box; nil for the box's default.
  public var workingDirectory: String?
  /// The user to run as, `NAME|UID[:GROUP|GID]`; nil for the box's default.
  public var user: String?
  /// The source of standard input; with a terminal, input goes to the terminal.
  public var input: Input
  /// The terminal's size when the command gets a pty; nil for pipes.
  public var terminal: TerminalSize?
  /// How long the command may run before TERM; nil for no limit.
  public var timeLimit: Duration?
  /// The time between TERM and KILL.
  public var killGrace: Duration
  /// When an exited command whose streams are still held counts as over.
  public var drain: DrainPolicy
  /// How much output is kept.
  public var keep: JournalLimit
  /// The box that a client of the server requested; nil when no client did.
  public var clientBox: ClientBox?
  /// What happens to the command when its record cannot be written.
  public var onRecordFailure: RecordFailurePolicy

  /// Makes a spec; the defaults are those of `boxwatch run`.
  public init(
    command: [String], name: String? = nil, environment: [EnvironmentVariable] = [],
    workingDirectory: String? = nil, user: String? = nil, input: Input = .closed, terminal: TerminalSize? = nil,
    timeLimit: Duration? = nil, killGrace: Duration = .seconds(2), drain: DrainPolicy = .untilEndOfStream,
    keep: JournalLimit = .standard, clientBox: ClientBox? = nil, onRecordFailure: RecordFailurePolicy = .wait
  ) {
    self.command = command
    self.name = name
    self.environment = environment
    self.workingDirectory = workingDirectory
    self.user = user
    self.input = input
    self.terminal = terminal
    self.timeLimit = timeLimit
    self.killGrace = killGrace
    self.drain = drain
    self.keep = keep
    self.clientBox = clientBox
    self.onRecordFailure = onRecordFailure
  }

  /// The streams of the execution: standard output alone with a terminal, otherwise both.
  public var streams: StreamSet { terminal == nil ? .both : .stdout }
}

/// One variable of an execution's environment.
public struct EnvironmentVariable: Hashable, Sendable {
  /// The name: not empty, without `=` and NUL.
  public var name: String
  /// The value, without NUL.
  public var value: String

  /// Makes a variable from parts that are already validated.
  public init(name: String, value: String) {
    self.name = name
    self.value = value
  }

  /// Parses `NAME=VALUE`.
  ///
  /// - Throws: ``TextValueError`` for a missing `=`, an empty name or a NUL.
  public init(text: String) throws(TextValueError) {
    // Searches bytes, not characters: `=` followed by a combining mark is not the `Character` "=".
    guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")), equals != text.startIndex else {
      throw TextValueError("'\(text)' is not a variable; use NAME=VALUE")
    }
    guard !text.utf8.contains(0) else { throw TextValueError("a variable cannot contain a NUL byte") }
    self.init(
      name: String(text[..<equals]), value: String(text[text.utf8.index(after: equals)...]))
  }
}

/// The box that a BoxLite client created; the client's commands run in the back end's box.
public struct ClientBox: Hashable, Sendable {
  /// Its identifier.
  public var id: String
  /// The name given by the client, if any.
  public var name: String?
  /// The image requested by the client.
  public var image: String
  /// Labels by name.
  public var labels: [String: String]

  /// Makes the description of a box.
  public init(id: String, name: String? = nil, image: String = "", labels: [String: String] = [:]) {
    (self.id, self.name, self.image, self.labels) = (id, name, image, labels)
  }

  /// The display title: the name, or the identifier when there is no name.
  public var title: String { name ?? id }
}

/// A terminal's size in character cells.
public struct TerminalSize: Hashable, Sendable {
  /// Number of rows, 1 to 65,535.
  public var rows: UInt16
  /// Number of columns, 1 to 65,535.
  public var columns: UInt16

  /// Makes a size; the default of 24 × 80 is the usual initial size of a terminal.
  public init(rows: UInt16 = 24, columns: UInt16 = 80) {
    self.rows = rows
    self.columns = columns
  }
}

/// A user-supplied value that cannot be parsed; the message says what is wrong and what to write instead.
public struct TextValueError: Error, Hashable, Sendable, CustomStringConvertible {
  /// One sentence for the user.
  public let description: String

  /// Makes an error from its message.
  public init(_ description: String) { self.description = description }
}

/// The identifier of an execution and the name of its journal's folder, unique within one state directory.
///
/// The text sorts by start time: `20261124-055827-412345-k3f9x-1`.
public struct ExecutionID: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The text: letters, digits and hyphens only.
  public let description: String

  /// Accepts a text that is safe as a file name, and returns nil otherwise: 1 to 64 letters, digits or hyphens, not
  /// starting with a hyphen.
  public init?(_ text: String) {
    let allowed = text.utf8.allSatisfy {
      (48...57).contains($0) || (97...122).contains($0) || (65...90).contains($0) || $0 == 45
    }
    guard allowed, (1...64).contains(text.utf8.count), text.utf8.first != 45 else { return nil }
    description = text
  }

  /// Takes a text that the caller has built from letters, digits and hyphens only.
  package init(checked text: String) { description = text }

  /// Orders by text, which is by start time for identifiers that the engine made.
  public static func < (left: ExecutionID, right: ExecutionID) -> Bool { left.description < right.description }
}
