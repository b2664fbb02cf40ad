public import ExecEngine
public import ExecModel

/// Runs commands through a client in front of them, such as `ssh HOST --` or `docker exec NAME`.
public struct CommandBox: Box {
  /// How the client passes its arguments on.
  public enum Quoting: Hashable, Sendable {
    /// As separate arguments.
    case none
    /// Joined by spaces and parsed by a remote shell, as ssh does: each argument is quoted.
    case shell
  }

  /// The name from the configuration.
  public let name: String
  /// All but signals, which reach the local client and not the remote command.
  public let capabilities: BoxCapabilities = [.terminal, .input, .resize, .holders]
  /// Refused, because the client decides which user it becomes.
  public var userRefusal: String? {
    "the box '\(name)' runs commands as the user that its prefix becomes: name the user there (ssh USER@HOST, sudo -u USER)"
  }

  private let prefix: [String]
  private let quoting: Quoting
  private let spawner: ProcessSpawner
  private let environment: EnvironmentBlock

  /// Makes a box from its configuration; the client gets a snapshot of this process's environment.
  public init(name: String, prefix: [String], quoting: Quoting = .none, pumps: PumpGroup = .shared) {
    self.name = name
    self.prefix = prefix
    self.quoting = quoting
    spawner = ProcessSpawner(pumps: pumps)
    environment = .inherited()
  }

  /// Why it cannot be used, in one sentence; nil when its client was found.
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
  /// Variables are passed with `env` and the working directory with `sh`, both of which must exist at the other end; a
  /// directory that cannot be entered there results in exit 125. A command that is missing there is reported by the
  /// client's exit status.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` when the client was not started: `box` when it is missing.
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
      throw BoxError(.box, "the box '\(name)' has no command as its prefix: set one in the configuration")
    }
    do {
      return try ProgramSearch(path: environment["PATH"], directory: nil).find(first)
    } catch {
      // A server's clients read this message too, and this host's PATH does not concern them.
      let reason =
        error.failure == .notFound
        ? "'\(first)' is not installed here: install it, or give its path in the configuration" : error.description
      throw BoxError(.box, "the box '\(name)' cannot be used: \(reason)")
    }
  }
}

/// A command with its variables and working directory as arguments, for clients that pass on only arguments.
struct RemoteCommand {
  /// The arguments that the other end executes.
  let words: [String]

  /// Wraps a spec's command in `env` and `sh` where needed.
  init(_ spec: ExecutionSpec) {
    let variables = spec.environment.map { $0.name + "=" + $0.value }
    let environment = variables.isEmpty ? [] : ["env"] + variables
    words = environment + Self.shell(spec, isAfterEnv: !variables.isEmpty) + spec.command
  }

  private static func shell(_ spec: ExecutionSpec, isAfterEnv: Bool) -> [String] {
    if let directory = spec.workingDirectory {
      // `cd -` would enter the previous directory.
      let safe = directory.hasPrefix("-") ? "./" + directory : directory
      return ["sh", "-c", #"cd -- "$1" || exit 125; shift; exec "$@""#, "sh", safe]
    }
    // `env` would read a command that contains an equals sign as a variable.
    let isAmbiguous = isAfterEnv && (spec.command.first?.utf8.contains(UInt8(ascii: "=")) ?? false)
    return isAmbiguous ? ["sh", "-c", #"exec "$@""#, "sh"] : []
  }
}

/// Quotes words for a POSIX shell.
enum ShellWord {
  /// The words quoted where needed, joined by spaces.
  static func joined(_ words: [String]) -> String { words.map(quoted).joined(separator: " ") }

  /// One word: unchanged when no shell would change it, otherwise in single quotes.
  static func quoted(_ word: String) -> String {
    guard word.isEmpty || !word.utf8.allSatisfy(isPlain) else { return word }
    // By scalars: a quote followed by a combining mark is a quote for a shell, but another `Character` in Swift.
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
