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
