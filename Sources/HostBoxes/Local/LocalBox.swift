public import ExecEngine
public import ExecModel

/// Runs commands on this host, as this user.
public struct LocalBox: Box {
  /// `local`.
  public let name = "local"
  /// Everything.
  public let capabilities = BoxCapabilities.everything
  /// Refused: only root could change the user, and root has `sudo -u` and `runuser`.
  public let userRefusal: String? =
    "the box 'local' runs commands as the user who runs boxwatch: put sudo -u USER before the command, or use a container"

  private let spawner: ProcessSpawner
  private let environment: EnvironmentBlock

  /// Makes the box; commands get a snapshot of this process's environment.
  public init(pumps: PumpGroup = .shared) {
    spawner = ProcessSpawner(pumps: pumps)
    environment = .inherited()
  }

  /// Starts a command in its own session and process group.
  ///
  /// The working directory and an input file are relative to this process's directory, the command to the working
  /// directory. An input that is a FIFO without a writer reads as ended.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` when it was not started.
  public func start(
    _ spec: ExecutionSpec, reportingTo sink: any ExecutionSink
  ) throws(BoxError) -> any BoxProcess {
    try spawner.start(request(spec), reportingTo: sink)
  }

  /// Starts a command as ``start(_:reportingTo:)`` does, with some of its streams held from before its first write.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` when it was not started.
  package func start(
    _ spec: ExecutionSpec, holding held: StreamSet, reportingTo sink: any ExecutionSink
  ) throws(BoxError) -> any GatedProcess {
    try spawner.start(request(spec), holding: held, reportingTo: sink)
  }

  private func request(_ spec: ExecutionSpec) throws(BoxError) -> SpawnRequest {
    try checkUser(of: spec)
    try CommandCheck.words(of: spec)
    if let directory = spec.workingDirectory { try CommandCheck.directory(directory) }
    let environment = environment.setting(spec.environment)
    let search = ProgramSearch(path: environment["PATH"], directory: spec.workingDirectory)
    return SpawnRequest(
      path: try search.find(spec.command[0]), arguments: spec.command, environment: environment,
      directory: spec.workingDirectory, input: spec.input, terminal: spec.terminal)
  }
}
