public import ExecEngine
public import ExecModel
import Glibc
import Linux

/// Runs commands in a temporary bubblewrap sandbox.
///
/// It shows the system's programs and the working directory read-only and has a private home and `/tmp` and no network;
/// options add binds, the network and limits.
public struct BubblewrapBox: Box {
  /// `bwrap`, or a name from the configuration.
  public let name: String
  /// Everything; KILL ends the whole sandbox.
  public let capabilities = BoxCapabilities.everything.union(.killAll)
  /// Refused, because its user namespace has one user.
  public var userRefusal: String? { SandboxArguments.userRefusal(name) }

  private let options: SandboxOptions
  private let spawner: ProcessSpawner
  private let environment: EnvironmentBlock
  private let probe = SandboxProbe()

  /// Makes the box; commands get a snapshot of this process's environment.
  public init(name: String = "bwrap", options: SandboxOptions = SandboxOptions(), pumps: PumpGroup = .shared) {
    self.init(name: name, options: options, pumps: pumps, environment: .inherited())
  }

  init(
    name: String = "bwrap", options: SandboxOptions = SandboxOptions(), pumps: PumpGroup, environment: EnvironmentBlock
  ) {
    self.name = name
    self.options = options
    spawner = ProcessSpawner(pumps: pumps)
    self.environment = environment
  }

  /// Why a sandbox cannot be made here, in one sentence; nil when a trial sandbox was made.
  public func problem() -> String? {
    do {
      try probe.run(spawner, try SandboxView(options, environment), environment)
      guard !options.limits.isEmpty else { return nil }
      try lease()?.end()
      return nil
    } catch {
      return error.description
    }
  }

  /// Starts a command in a new sandbox, which ends with the command: its descendants do not outlive it.
  ///
  /// Without a working directory the command starts in this process's directory if the sandbox shows it, otherwise in
  /// `/`. Signals reach the command and its descendants; KILL reaches the whole sandbox. bubblewrap reports a signalled
  /// command as exit 128 + signal.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` when it was not started: `box` when bubblewrap is missing or refused, a bind's source is
  ///   missing, or a limit cannot be set.
  public func start(
    _ spec: ExecutionSpec, reportingTo sink: any ExecutionSink
  ) throws(BoxError) -> any BoxProcess {
    try checkUser(of: spec)
    try CommandCheck.words(of: spec)
    let view = try SandboxView(options, environment)
    let directory = try directory(of: spec, in: view)
    let environment = SandboxVariables.passed(environment, to: .sandbox(view))
    let path = environment.setting(spec.environment)["PATH"]
    // This search finds what bubblewrap will find; bubblewrap reports a missing command as exit 1, which a command
    // could return itself.
    _ = try ProgramSearch(path: path, directory: directory, view: .sandbox(view)).find(spec.command[0])
    try probe.run(spawner, view, environment)
    return try start(request(spec, directory, view, environment), reportingTo: sink)
  }

  private func request(
    _ spec: ExecutionSpec, _ directory: String, _ view: SandboxView, _ environment: EnvironmentBlock
  ) throws(BoxError) -> SpawnRequest {
    let program = try SandboxProbe.program(environment)
    let tree = PreparedTrees.shared.tree(for: view, program: program)
    let arguments = SandboxArguments(
      confinement: Confinement.known ?? .closedNamespace, view: view, tree: tree, hasNetwork: options.hasNetwork,
      directory: directory, variables: spec.environment, command: spec.command)
    return SpawnRequest(
      path: program, arguments: arguments.words, environment: environment, input: spec.input, terminal: spec.terminal,
      route: .sandboxed, entry: tree.map(SpawnEntry.init(in:)), gate: try FilterGate(), needsLastingParent: true)
  }

  private func start(
    _ request: SpawnRequest, reportingTo sink: any ExecutionSink
  ) throws(BoxError) -> any BoxProcess {
    guard let lease = try lease() else { return try spawner.start(request, reportingTo: sink) }
    var request = request
    do {
      let files = try lease.group.openForJoining()
      request.lease = lease
      request.entry = request.entry ?? SpawnEntry()
      request.entry?.groups = files.map(\.raw)
      return try withExtendedLifetime(files) { () throws(BoxError) in try spawner.start(request, reportingTo: sink) }
    } catch {
      lease.end()
      throw error
    }
  }

  private func lease() throws(BoxError) -> CgroupLease? {
    guard !options.limits.isEmpty else { return nil }
    do {
      return try CgroupLease(options.limits)
    } catch {
      throw BoxError(.box, "the box '\(name)' cannot be limited: \(error.reason)")
    }
  }

  private func directory(of spec: ExecutionSpec, in view: SandboxView) throws(BoxError) -> String {
    guard let wanted = spec.workingDirectory else { return view.directory }
    let directory = wanted.hasPrefix("/") ? wanted : (HostPath.current ?? "") + "/" + wanted
    try CommandCheck.directory(directory, in: .sandbox(view))
    return directory
  }
}
