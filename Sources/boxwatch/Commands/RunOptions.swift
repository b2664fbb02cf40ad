import ArgumentParser
import ExecModel
import Headless
import HostBoxes
import Jobs

/// Options for what to run, where and how.
struct RunOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "local, bwrap, boxlite://HOST:PORT/BOX, docker:NAME, podman:NAME, a kept box, or one of the configuration.",
      valueName: "box"),
    transform: { try BoxName.checked($0) })
  var box: String?

  @Option(
    help: ArgumentHelp(
      "The key of a boxlite:// server (default: $BOXLITE_API_KEY, which others cannot see in ps).", valueName: "key"))
  var apiKey: String?

  @Option(help: ArgumentHelp("A name to show instead of the command.", valueName: "name"))
  var name: String?

  @Option(
    name: [.customLong("env"), .customShort("e")], help: ArgumentHelp("Set a variable.", valueName: "K=V"),
    transform: { try EnvironmentVariable(text: $0) })
  var env: [EnvironmentVariable] = []

  @Option(help: ArgumentHelp("Working directory in the box.", valueName: "dir"))
  var workdir: String?

  @Option(
    help: ArgumentHelp(
      "Run as another user of a container or of a boxlite:// box: NAME or UID, and :GROUP or :GID.", valueName: "user"),
    transform: { try RunOptions.user($0) })
  var user: String?

  @Flag(help: "Give the command a terminal; its stderr is merged into stdout then.")
  var tty = false

  @Option(
    help: ArgumentHelp("End the command after this time (TERM, then KILL): 30s, 5m.", valueName: "time"),
    transform: { try Duration(boxwatchText: $0) })
  var timeout: Duration?

  @Option(
    help: ArgumentHelp("How long TERM has before KILL (default: 2s).", valueName: "time"),
    transform: { try Duration(boxwatchText: $0) })
  var killGrace: Duration?

  @Option(
    help: ArgumentHelp("When a held stream is given up: eof, empty or idle=2s,max=10s.", valueName: "policy"),
    transform: { try DrainPolicy(text: $0) })
  var drain: DrainPolicy?

  @Option(
    help: ArgumentHelp("Output kept for each command: 512M, 4G or all.", valueName: "size"),
    transform: { try JournalLimit(text: $0) })
  var keep: JournalLimit?

  @Option(
    help: ArgumentHelp(
      "When the record cannot be written: wait (default; wait for space on a full disk, otherwise give up the record; the "
        + "command goes on, with status 125), stop, or go-on.",
      valueName: "policy"),
    transform: { try RecordFailurePolicy(text: $0) })
  var onRecordFailure: RecordFailurePolicy?

  @Option(
    help: ArgumentHelp(
      "The command's input: pipe (default), closed (default with --detach), or a file's path.", valueName: "source"),
    transform: { try ExecutionSpec.Input(argument: $0) })
  var stdin: ExecutionSpec.Input?

  @Option(help: ArgumentHelp("Read the commands from a YAML file.", valueName: "file"))
  var file: String?

  @Option(
    help: ArgumentHelp(
      "How many commands of a list run at once, in its order (default: \(JobLimit.standard), or what descriptors allow).",
      valueName: "n"),
    transform: { try JobLimit.number($0) })
  var jobs: Int?

  /// Rejects options that cannot be carried out, before anything is started.
  func validate(command: [String]) throws {
    if command.isEmpty, file == nil {
      throw ValidationError("no command is given; use boxwatch run -- COMMAND ARG…, or --file execs.yaml")
    }
    if let timeout, timeout == .zero { throw ValidationError("--timeout 0s would end the command at once") }
    if command.split(separator: "---", omittingEmptySubsequences: false).contains(where: \.isEmpty), !command.isEmpty {
      throw ValidationError("there is an empty command around ---; use A --- B")
    }
  }

  /// The requested executions in order: those of `--file`, then those after `--`.
  ///
  /// Additional sandbox options apply to all of them.
  func requests(
    command: [String], _ configuration: Configuration, _ sandbox: SandboxOptions = SandboxOptions()
  ) throws -> [ExecutionRequest] {
    let fromFile = try file.map { try ExecutionsFile(path: $0).requests(defaults: self, configuration) } ?? []
    let words = command.split(separator: "---", omittingEmptySubsequences: true).map(Array.init)
    let requests =
      fromFile + words.map { ExecutionRequest(box: box ?? configuration.box, spec: spec($0, configuration)) }
    return requests.map { ExecutionRequest(box: $0.box, spec: $0.spec, sandbox: sandbox) }
  }

  /// Parses a user's name; whether the user exists is decided by the box.
  static func user(_ text: String) throws(TextValueError) -> String {
    guard !text.allSatisfy(\.isWhitespace), !text.utf8.contains(0) else {
      throw TextValueError("the user is missing; use NAME, UID or NAME:GROUP")
    }
    return text
  }

  /// Creates a spec with this command line's options.
  func spec(_ command: [String], _ configuration: Configuration) -> ExecutionSpec {
    ExecutionSpec(
      command: command, name: name, environment: env, workingDirectory: workdir, user: user,
      input: stdin ?? .pipe, terminal: tty ? TerminalSize() : nil, timeLimit: timeout,
      killGrace: killGrace ?? .seconds(2),
      drain: drain ?? configuration.drain, keep: keep ?? configuration.keep,
      onRecordFailure: onRecordFailure ?? configuration.onRecordFailure)
  }
}

/// Options for the monitor's appearance.
struct ScreenOptions: ParsableArguments {
  /// When colours are used.
  enum ColorChoice: String, CaseIterable, ExpressibleByArgument {
    case auto, always, never
  }

  @Option(help: ArgumentHelp("Theme; boxwatch themes lists them.", valueName: "name"))
  var theme: String?

  @Option(help: "Use colours; overrides NO_COLOR.")
  var color: ColorChoice = .auto

  @Flag(inversion: .prefixedNo, help: "Let the mouse scroll and choose.")
  var mouse = true
}

/// Options for running without a screen.
struct HeadlessOptions: ParsableArguments {
  @Flag(help: "No screen: pass the bytes through. Automatic when stdin or stdout is not a terminal.")
  var headless = false

  @Flag(help: "Prefix each line with its stream.")
  var tag = false

  @Flag(help: "Prefix each line with its time.")
  var timestamps = false

  @Flag(help: "Write one JSON object a line for every event, in the engine's order.")
  var json = false

  /// Whether any option requests a run without a screen.
  var isChosen: Bool { headless || tag || timestamps || json }

  /// The output format.
  var format: HeadlessFormat {
    if json { return .json }
    return tag || timestamps ? .lines(tag: tag, timestamps: timestamps) : .bytes
  }
}

extension ExecutionSpec.Input {
  /// Parses `pipe`, `closed`, or a path.
  init(argument: String) throws(TextValueError) {
    switch argument {
    case "pipe": self = .pipe
    case "closed": self = .closed
    case "": throw TextValueError("the input is missing; use pipe, closed, or a file's path")
    default: self = .file(argument)
    }
  }
}
