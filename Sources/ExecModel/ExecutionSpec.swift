/// What to run: everything a box needs to start one command.
public struct ExecutionSpec: Hashable, Sendable, Codable {
  /// Where the command's standard input comes from.
  public enum Input: Hashable, Sendable, Codable {
    /// Closed from the start: the command reads end of file (`/dev/null`).
    case closed
    /// A pipe that the engine's `write` and `closeInput` feed.
    case pipe
    /// A file, opened for reading.
    case file(String)
  }

  /// The command and its arguments; the first is looked up in `PATH` when it has no slash.
  public var command: [String]
  /// A name for people; the screen shows the command when there is none.
  public var name: String?
  /// Variables set on top of what the box gives, in order; a later one wins.
  public var environment: [EnvironmentVariable]
  /// Working directory inside the box; the box's own when nil.
  public var workingDirectory: String?
  /// Who runs it, `NAME|UID[:GROUP|GID]`; the box's own user when nil.
  public var user: String?
  /// Where standard input comes from; with a terminal, input goes to the terminal.
  public var input: Input
  /// The terminal's size when the command gets a pseudo terminal; nil for pipes.
  public var terminal: TerminalSize?
  /// How long the command may run before TERM; nil for ever.
  public var timeLimit: Duration?
  /// How long after TERM the group is killed.
  public var killGrace: Duration
  /// When an exited command whose streams are held counts as over.
  public var drain: DrainPolicy
  /// How much output is kept.
  public var keep: JournalLimit
  /// The box that a client of the server asked to run it in; nil when no client did.
  public var clientBox: ClientBox?
  /// Nil in specs that older boxwatches have written.
  private var recordFailure: RecordFailurePolicy?
  /// What becomes of the command when its record cannot be written.
  public var onRecordFailure: RecordFailurePolicy {
    get { recordFailure ?? .wait }
    set { recordFailure = newValue == .wait ? nil : newValue }
  }

  /// Makes a spec; all but the command have the defaults of `boxwatch run`.
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

  /// The streams such an execution has: one with a terminal, else two.
  public var streams: StreamSet { terminal == nil ? .both : .stdout }
}

/// One variable of an execution's environment.
public struct EnvironmentVariable: Hashable, Sendable, Codable {
  /// The name: not empty, without `=` and NUL.
  public var name: String
  /// The value: without NUL.
  public var value: String

  /// Makes a variable from parts that were checked already.
  public init(name: String, value: String) {
    self.name = name
    self.value = value
  }

  /// Reads `NAME=VALUE`.
  ///
  /// - Throws: ``TextValueError`` for a missing `=`, an empty name or a NUL.
  public init(text: String) throws(TextValueError) {
    // By bytes: an equals sign that a combining mark follows is no character of its own.
    guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")), equals != text.startIndex else {
      throw TextValueError("'\(text)' is no variable: write NAME=VALUE")
    }
    guard !text.utf8.contains(0) else { throw TextValueError("a variable cannot hold a NUL byte") }
    self.init(
      name: String(text[..<equals]), value: String(text[text.utf8.index(after: equals)...]))
  }
}

/// The box of a BoxLite client, as that client knows it: another one, the back end's, runs its commands.
public struct ClientBox: Hashable, Sendable, Codable {
  /// Its identifier.
  public var id: String
  /// The name that the client gave it; nil for none.
  public var name: String?
  /// The image that the client asked for.
  public var image: String
  /// Labels by name.
  public var labels: [String: String]

  /// Makes the description of a box.
  public init(id: String, name: String? = nil, image: String = "", labels: [String: String] = [:]) {
    (self.id, self.name, self.image, self.labels) = (id, name, image, labels)
  }

  /// What it is called: its name, or else its identifier.
  public var title: String { name ?? id }
}

/// A terminal's size in character cells.
public struct TerminalSize: Hashable, Sendable, Codable {
  /// Number of rows, 1 to 65,535.
  public var rows: UInt16
  /// Number of columns, 1 to 65,535.
  public var columns: UInt16

  /// Makes a size; 24 × 80 is what terminals start with.
  public init(rows: UInt16 = 24, columns: UInt16 = 80) {
    self.rows = rows
    self.columns = columns
  }
}

/// A value that a person wrote and that cannot be read; the message says what is wrong and what to write instead.
public struct TextValueError: Error, Hashable, Sendable, CustomStringConvertible {
  /// One sentence for the person who wrote the value.
  public let description: String

  /// Makes an error from its one sentence.
  public init(_ description: String) { self.description = description }
}
