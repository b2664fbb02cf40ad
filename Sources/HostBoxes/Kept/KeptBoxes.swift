public import ExecEngine
import ExecModel
import Glibc
import Linux
import Synchronization

/// The user's kept boxes: persistent sandboxes in which several commands run, one after the other and concurrently.
public struct KeptBoxes: Sendable {
  private let files: KeptFiles
  private let environment: EnvironmentBlock
  private let table: CgroupTable

  /// Numbers the groups: the group of an earlier box with the same name may still be about to be removed.
  private static let number = Atomic<UInt64>(0)

  /// Boxes recorded in a folder, which is created with the first one, and so is its parent.
  public init(folder: String) {
    self.init(folder: folder, environment: .inherited(), table: .ofThisProcess())
  }

  init(folder: String, environment: EnvironmentBlock, table: CgroupTable) {
    files = KeptFiles(folder: folder)
    self.environment = environment
    self.table = table
  }

  /// The names of all boxes, running or ended.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` for a folder that is not private to this user.
  public func names() throws(BoxError) -> [String] { try files.names() }

  /// The box with a name; nil when there is none.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` when its record cannot be read.
  public func box(named name: String, pumps: PumpGroup = .shared) throws(BoxError) -> KeptBox? {
    try files.record(of: name).map { KeptBox($0, pumps: pumps, environment: environment) }
  }

  /// Makes a kept box; one with that name that has ended is replaced.
  ///
  /// When two processes make the same box at once, one succeeds and the other fails because the name is taken.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` for a name that is invalid or taken, a sandbox that cannot be made, and limits
  ///   that cannot be set.
  public func create(_ name: String, _ options: SandboxOptions = SandboxOptions()) throws(BoxError) {
    try KeptName.check(name)
    try options.check()
    try files.locked { () throws(BoxError) in
      if let old = try files.record(of: name) {
        guard !old.isAlive else {
          throw BoxError(.box, "a kept box '\(name)' already exists: remove it with boxwatch box rm \(name)")
        }
        try end(old)
      }
      CgroupSweep.run(table, .ofKeptBoxes)
      try make(name, options)
    }
  }

  /// Ends a box and everything in it.
  ///
  /// - Parameters:
  ///   - name: The name of the box.
  ///   - force: Also when commands run in it.
  /// - Throws: ``/ExecEngine/BoxError`` when there is none, it is in use, or it did not end.
  public func remove(_ name: String, force: Bool) throws(BoxError) {
    guard try files.record(of: name) != nil else { throw try unknown(name) }
    try files.locked { () throws(BoxError) in
      guard let record = try files.record(of: name) else { throw try unknown(name) }
      let count = record.commands().count
      guard count == 0 || force else {
        let runs = count == 1 ? "1 process runs" : "\(count) processes run"
        throw BoxError(.box, "\(runs) in the kept box '\(name)': end them first, or use --force")
      }
      try end(record)
    }
  }

  private func unknown(_ name: String) throws(BoxError) -> BoxError {
    let names = try names()
    let there = names.isEmpty ? "there are none" : "there are \(names.joined(separator: ", "))"
    return BoxError(.box, "there is no kept box '\(name)': \(there)")
  }

  private func make(_ name: String, _ options: SandboxOptions) throws(BoxError) {
    if Confinement.known == nil {
      try SandboxProbe().run(ProcessSpawner(pumps: .shared), try SandboxView(options, environment), environment)
    }
    let group = try group(name, options.limits)
    do throws(BoxError) {
      let sandbox = try KeptSandbox(
        named: name, options, in: group, environment, log: files.folder + "/." + name + ".log")
      try finish(sandbox, name, options, group)
    } catch {
      group.killAll()
      _ = group.remove()
      throw error
    }
  }

  private func finish(
    _ sandbox: consuming KeptSandbox, _ name: String, _ options: SandboxOptions, _ group: Cgroup
  ) throws(BoxError) {
    do throws(BoxError) {
      let (first, keeper) = try sandbox.processes()
      guard let monitor = ProcessIdentity(of: sandbox.monitor) else { throw SandboxProbe.refusal("") }
      try files.save(
        KeptRecord(
          name: name, created: Int64(time(nil)), boot: BootIdentifier.currentText, monitor: monitor, first: first,
          keeper: keeper, options: options, group: group))
      sandbox.keep()
    } catch {
      sandbox.abandon()
      throw error
    }
  }

  private func group(_ name: String, _ limits: BoxLimits) throws(BoxError) -> Cgroup {
    do {
      let next = Self.number.add(1, ordering: .relaxed).newValue
      return try CgroupMaker(table: table).make("boxwatch-kept-\(name)-\(getpid()).\(next)", limits)
    } catch {
      throw BoxError(.box, "the kept box '\(name)' cannot be limited: \(error.reason)")
    }
  }

  private func end(_ record: KeptRecord) throws(BoxError) {
    let ending = KeptEnding(record)
    guard ending.run() else {
      throw BoxError(
        .box, "the kept box '\(record.name)' did not end: process \(record.first.processIdentifier) is still running")
    }
    files.remove(record.name)
  }
}
