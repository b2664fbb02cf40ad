public import ExecEngine
public import ExecModel
import Glibc
import Linux
import SystemPackage

/// A kept box that a command enters, pinned so that its process ID cannot be reused meanwhile.
struct KeptTarget {
  let process: SharedDescriptor
  let root: RootDirectory
  /// The namespaces in which the box differs from this process.
  let namespaces: Namespaces

  /// Finds the first process of a box.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` when it has ended, or may not be entered.
  init(_ record: KeptRecord) throws(BoxError) {
    let number = record.first.processIdentifier
    let handle: ProcessHandle
    do throws(Errno) { handle = try ProcessHandle(of: number) } catch {
      // By the last two the number belongs to a thread of another process (pidfd_open(2)).
      let isGone = [.noSuchProcess, .invalidArgument, .noSuchFileOrDirectory].contains(error)
      throw isGone ? record.death : Self.refusal(record, error.rawValue)
    }
    guard record.isAlive else { throw record.death }
    process = SharedDescriptor(raw: handle.take())
    do throws(Errno) {
      namespaces = try Namespaces.differing(in: number)
      root = try RootDirectory(of: number)
    } catch {
      throw record.isAlive ? Self.refusal(record, error.rawValue) : record.death
    }
  }

  private static func refusal(_ record: KeptRecord, _ error: Int32) -> BoxError {
    BoxError(.box, "the kept box '\(record.name)' cannot be entered: \(CgroupFile.words(of: error))")
  }
}

/// Runs commands in a persistent sandbox; each command enters it directly.
///
/// A command is a child of this process and leads its own session and process group, as on the host: signals reach it
/// directly, its status is not that of a client, and processes that it leaves remain in the box.
public struct KeptBox: Box {
  /// The box's name.
  public var name: String { record.name }
  /// Everything.
  public let capabilities = BoxCapabilities.everything
  /// Refused, because its user namespace has one user.
  public var userRefusal: String? { SandboxArguments.userRefusal(name) }

  private let record: KeptRecord
  private let spawner: ProcessSpawner
  private let environment: EnvironmentBlock

  init(_ record: KeptRecord, pumps: PumpGroup, environment: EnvironmentBlock) {
    self.record = record
    spawner = ProcessSpawner(pumps: pumps)
    self.environment = environment
  }

  /// The creation time, in seconds since 1970.
  public var created: Int64 { record.created }
  /// The options it was made with.
  public var options: SandboxOptions { record.options }
  /// The ID of its first process, through which other programs can enter it; nil when it has ended.
  public var processIdentifier: Int32? { record.isAlive ? record.first.processIdentifier : nil }
  /// The number of processes in it, without those that keep it; scans all processes.
  public var processCount: Int { record.commands().count }

  /// Why it accepts no commands, in one sentence; nil when it does.
  public func problem() -> String? { record.isAlive ? nil : record.death.description }

  /// The usage of everything in it; nil without a cgroup.
  public func usage() -> ResourceUsage? {
    record.group.folders.isEmpty || !record.isAlive ? nil : record.group.usage()
  }

  /// Starts a command in the box.
  ///
  /// Without a working directory it starts in this process's directory if the box has such a directory, otherwise in
  /// `/`.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` when it was not started: `box` when the box has ended.
  public func start(
    _ spec: ExecutionSpec, reportingTo sink: any ExecutionSink
  ) throws(BoxError) -> any BoxProcess {
    try checkUser(of: spec)
    try CommandCheck.words(of: spec)
    let target = try KeptTarget(record)
    let files = try record.group.openForJoining(orElse: "the kept box '\(name)' cannot start a command: ")
    let entry = SpawnEntry(
      target: target.process.raw, namespaces: target.namespaces, groups: files.map(\.raw),
      filter: try SandboxFilter.program())
    let request = try request(spec, view: .root(target.root), entry)
    return try withExtendedLifetime((target, files)) { () throws(BoxError) in
      try spawner.start(request, reportingTo: sink)
    }
  }

  private func request(
    _ spec: ExecutionSpec, view: FileView, _ entry: SpawnEntry
  ) throws(BoxError) -> SpawnRequest {
    let directory = try directory(of: spec, in: view)
    let environment = SandboxVariables.passed(environment, to: view).setting(spec.environment)
    let search = ProgramSearch(path: environment["PATH"], directory: directory, view: view)
    return SpawnRequest(
      path: try search.find(spec.command[0]), arguments: spec.command, environment: environment,
      directory: directory, input: spec.input, terminal: spec.terminal, view: view, entry: entry)
  }

  private func directory(of spec: ExecutionSpec, in view: FileView) throws(BoxError) -> String {
    let own = HostPath.current ?? "/"
    guard let wanted = spec.workingDirectory else {
      return view.look(own) == .directory(isEnterable: true) ? own : "/"
    }
    let directory = wanted.hasPrefix("/") ? wanted : own + "/" + wanted
    try CommandCheck.directory(directory, in: view)
    return directory
  }
}
