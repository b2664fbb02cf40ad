import ExecEngine
import ExecModel

/// What is written down about a kept box, so that every process of the user finds it.
struct KeptRecord: Hashable, Sendable, Codable {
  let name: String
  /// Seconds since 1970.
  let created: Int64
  /// The machine's start in which it was made.
  let boot: String
  /// bubblewrap's process outside.
  let monitor: ProcessIdentity
  /// The first process inside, which ends everything with it.
  let first: ProcessIdentity
  /// The process inside that does nothing, so that the box stays.
  let keeper: ProcessIdentity
  let options: SandboxOptions
  let group: Cgroup

  /// Whether it can still take commands in.
  var isAlive: Bool { boot == BootIdentifier.current && first.isAlive }

  /// What is said of one that is not.
  var death: BoxError {
    BoxError(
      .box, "the kept box '\(name)' has ended: make it again with boxwatch box create \(name), or remove it with box rm"
    )
  }

  /// The processes that run in it now, bubblewrap's own and the keeper left out, with threads not counted.
  func commands() -> [Int32] {
    let own: Set<Int32> = [first.processIdentifier, keeper.processIdentifier]
    guard isAlive, let space = Self.space(of: first.processIdentifier) else { return [] }
    return ProcessDirectory.all().filter { !own.contains($0) && Self.space(of: $0) == space }
  }

  /// The namespace of process numbers in which a process is.
  private static func space(of process: Int32) -> String? {
    ProcessDirectory(processIdentifier: process).link("ns/pid")
  }
}
