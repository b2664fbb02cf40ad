public import ExecEngine
public import ExecModel
import Glibc
import Synchronization

/// Runs commands in a throw-away bubblewrap sandbox: the host's files read-only, a `/tmp` of its own, no network.
public struct BubblewrapBox: Box {
  /// `bwrap`.
  public let name = "bwrap"
  /// Everything.
  public let capabilities = BoxCapabilities.everything

  private let spawner: ProcessSpawner
  private let environment: EnvironmentBlock
  private let probe = SandboxProbe()

  /// Makes the box; commands get this process's environment as it is now.
  public init(pumps: PumpGroup = .shared) { self.init(pumps: pumps, environment: .inherited()) }

  /// Makes the box with another environment.
  init(pumps: PumpGroup, environment: EnvironmentBlock) {
    spawner = ProcessSpawner(pumps: pumps)
    self.environment = environment
  }

  /// Why no sandbox can be made here, in one sentence; nil when one was made for a try.
  public func problem() -> String? {
    do {
      try probe.run(spawner, environment)
      return nil
    } catch {
      return error.description
    }
  }

  /// Starts a command in a sandbox of its own, which ends with the command: its descendants do not outlive it.
  ///
  /// Without a working directory the command starts in this process's own when the sandbox shows it, else in `/`.
  /// Signals reach the command and its descendants; KILL the whole sandbox. bubblewrap reports a command that a signal
  /// ended as exit 128 + signal.
  ///
  /// - Throws: ``BoxError`` when it never ran: `box` when bubblewrap is missing or refused.
  public func start(
    _ spec: ExecutionSpec, reportingTo sink: any ExecutionSink
  ) throws(BoxError) -> any BoxProcess {
    try CommandCheck.words(of: spec)
    let directory = try Self.directory(of: spec)
    let path = environment.setting(spec.environment)["PATH"]
    // The sandbox shows the same files, so what is looked up here is what bubblewrap finds; its own answer to a
    // missing command is exit 1, which a command could have said itself.
    _ = try ProgramSearch(path: path, directory: directory, isSandboxed: true).find(spec.command[0])
    try probe.run(spawner, environment)
    let program = try SandboxProbe.program(environment)
    let arguments = SandboxArguments(directory: directory, variables: spec.environment, command: spec.command)
    let request = SpawnRequest(
      path: program, arguments: arguments.words, environment: environment, input: spec.input, terminal: spec.terminal,
      route: .sandboxed, needsLastingParent: true)
    return try spawner.start(request, reportingTo: sink)
  }

  private static func directory(of spec: ExecutionSpec) throws(BoxError) -> String {
    guard let wanted = spec.workingDirectory else {
      let own = SandboxTree.currentDirectory ?? "/"
      return SandboxTree.hides(own) ? "/" : own
    }
    try CommandCheck.directory(wanted)
    guard !SandboxTree.hides(wanted) else {
      throw BoxError(
        .badDirectory,
        "the working directory '\(wanted)' is not visible in the sandbox, which has a /tmp and /dev of its own: name another"
      )
    }
    return wanted.hasPrefix("/") ? wanted : (SandboxTree.currentDirectory ?? "") + "/" + wanted
  }
}
