public import ExecEngine
public import ExecModel

/// Runs commands through a client that is put before them, such as `ssh HOST --` or `docker exec NAME`.
public struct CommandBox: Box {
  /// How the client passes its words on.
  public enum Quoting: Hashable, Sendable {
    /// As separate words.
    case none
    /// Joined by spaces and read by a shell at the other end, as ssh does: each word is quoted.
    case shell
  }

  /// The name in the configuration.
  public let name: String
  /// All but signals: those reach the client here, and not what it started elsewhere.
  public let capabilities: BoxCapabilities = [.terminal, .input, .resize, .holders]
  /// Whose account it is at the other end, the client decides.
  public var userRefusal: String? {
    "the box '\(name)' runs commands as the user that its prefix becomes: name the user there (ssh USER@HOST, sudo -u USER)"
  }

  private let prefix: [String]
  private let quoting: Quoting
  private let spawner: ProcessSpawner
  private let environment: EnvironmentBlock

  /// Makes a box from its configuration; the client gets this process's environment as it is now.
  public init(name: String, prefix: [String], quoting: Quoting = .none, pumps: PumpGroup = .shared) {
    self.name = name
    self.prefix = prefix
    self.quoting = quoting
    spawner = ProcessSpawner(pumps: pumps)
    environment = .inherited()
  }

  /// Why it cannot be used, in one sentence; nil when its client is there.
  public func problem() -> String? {
    do {
      _ = try client()
      return nil
    } catch {
      return error.description
    }
  }

  /// Starts the client with the command.
  ///
  /// Variables are passed on with `env`, the working directory with `sh`, which both must exist at the other end; a
  /// directory that cannot be entered there ends with exit 125. A command that is missing there is the client's to
  /// report, by its exit status.
  ///
  /// - Throws: ``BoxError`` when the client never ran: `box` when it is missing.
  public func start(
    _ spec: ExecutionSpec, reportingTo sink: any ExecutionSink
  ) throws(BoxError) -> any BoxProcess {
    try checkUser(of: spec)
    try CommandCheck.words(of: spec)
    let words = prefix + quoted(RemoteCommand(spec).words)
    let request = SpawnRequest(
      path: try client(), arguments: words, environment: environment, input: spec.input, terminal: spec.terminal)
    return try spawner.start(request, reportingTo: sink)
  }

  private func quoted(_ words: [String]) -> [String] {
    switch quoting {
    case .none: words
    case .shell: [ShellWord.joined(words)]
    }
  }

  private func client() throws(BoxError) -> String {
    guard let first = prefix.first, !first.isEmpty, !prefix.contains(where: { $0.utf8.contains(0) }) else {
      throw BoxError(.box, "the box '\(name)' has no command to put before others: name one in the configuration")
    }
    do {
      return try ProgramSearch(path: environment["PATH"], directory: nil).find(first)
    } catch {
      // A server's clients read it too, whom this host's PATH does not concern.
      let reason =
        error.failure == .notFound
        ? "there is no '\(first)' here: install it, or give its path in the configuration" : error.description
      throw BoxError(.box, "the box '\(name)' cannot be used: \(reason)")
    }
  }
}

/// A command whose variables and working directory are part of its words, for clients that pass on nothing else.
struct RemoteCommand {
  /// What the other end executes.
  let words: [String]

  /// Wraps a spec's command in `env` and `sh` where it needs them.
  init(_ spec: ExecutionSpec) {
    let variables = spec.environment.map { $0.name + "=" + $0.value }
    let environment = variables.isEmpty ? [] : ["env"] + variables
    words = environment + Self.shell(spec, isAfterEnv: !variables.isEmpty) + spec.command
  }

  private static func shell(_ spec: ExecutionSpec, isAfterEnv: Bool) -> [String] {
    if let directory = spec.workingDirectory {
      // `cd -` would be the last directory.
      let safe = directory.hasPrefix("-") ? "./" + directory : directory
      return ["sh", "-c", #"cd -- "$1" || exit 125; shift; exec "$@""#, "sh", safe]
    }
    // A command with an equals sign would be one more variable to env.
    let isAmbiguous = isAfterEnv && (spec.command.first?.utf8.contains(UInt8(ascii: "=")) ?? false)
    return isAmbiguous ? ["sh", "-c", #"exec "$@""#, "sh"] : []
  }
}

/// Words as a POSIX shell reads them back.
enum ShellWord {
  /// The words quoted where they need it, joined by spaces.
  static func joined(_ words: [String]) -> String { words.map(quoted).joined(separator: " ") }

  /// One word: as it is when no shell would change it, else in single quotes.
  static func quoted(_ word: String) -> String {
    guard word.isEmpty || !word.utf8.allSatisfy(isPlain) else { return word }
    // By scalars: to a shell, a quote that a combining mark follows is a quote, and to Swift it is another character.
    let parts = word.unicodeScalars.split(separator: "'", omittingEmptySubsequences: false).map(String.init)
    return "'" + parts.joined(separator: #"'\''"#) + "'"
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "-_./,:@%+".utf8.contains(byte)
    }
  }
}
