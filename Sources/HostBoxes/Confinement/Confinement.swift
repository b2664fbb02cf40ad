import ExecEngine
import Glibc
import Linux
import Synchronization

/// How bubblewrap removes privileges on this machine, the strongest way first.
///
/// In each of them a command has no capability, can gain none, and is under the system call filter.
enum Confinement: CaseIterable {
  /// A user namespace in which no further one can be made (bubblewrap 0.8).
  case closedNamespace
  /// A user namespace; only the filter refuses further ones.
  case namespace
  /// No user namespace: for root on a machine without them.
  case capabilities

  private static let found = Mutex<Confinement?>(nil)

  /// The way that worked here; nil before the first trial.
  static var known: Confinement? { found.withLock { $0 } }

  /// Stores this way as the one that works here.
  func remember() { Self.found.withLock { $0 = self } }

  /// The ways to try: without a user namespace bubblewrap makes sandboxes only for root.
  static var candidates: [Confinement] {
    if let known { return [known] }
    return geteuid() == 0 ? allCases : [.closedNamespace, .namespace]
  }

  /// The arguments for bubblewrap.
  var words: [String] {
    switch self {
    case .closedNamespace: ["--unshare-user", "--disable-userns", "--cap-drop", "ALL"]
    case .namespace: ["--unshare-user", "--cap-drop", "ALL"]
    case .capabilities: ["--cap-drop", "ALL"]
    }
  }
}

/// The pipe through which bubblewrap receives the system call filter; bubblewrap waits until the filter arrives.
///
/// bubblewrap reads the filter when it makes the sandbox, before the command exists. So the command starts only when
/// this process sends the filter; without it, or with a part of it, bubblewrap ends. If this process dies before it
/// opens the gate, no command has run.
final class FilterGate: Sendable {
  private struct Ends {
    let reading: SharedDescriptor
    let writing: SharedDescriptor
  }

  private let ends: Mutex<Ends?>
  private let program: [UInt8]
  /// The reading end, which bubblewrap inherits.
  let descriptor: Int32

  /// Makes a closed gate.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` when there are no descriptors, or the filter cannot be built.
  convenience init() throws(BoxError) { try self.init(program: SandboxFilter.program()) }

  init(program: [UInt8]) throws(BoxError) {
    self.program = program
    var pipe = try StandardStreams.pipe()
    let ends = Ends(
      reading: SharedDescriptor(pipe.reading.move()), writing: SharedDescriptor(pipe.writing.move()))
    descriptor = ends.reading.raw
    self.ends = Mutex(ends)
  }

  /// Sends the filter, so that bubblewrap continues; returns false when it cannot be sent.
  ///
  /// The reading end is still open here, so the write raises no SIGPIPE when bubblewrap has ended. It does not block:
  /// an empty pipe takes at least 8 KiB.
  func open() -> Bool {
    let ends = ends.withLock { ends in
      defer { ends = nil }
      return ends
    }
    guard let ends else { return false }
    return write(ends.writing.raw, program, program.count) == program.count
  }

  /// Closes the gate permanently: the waiting bubblewrap ends.
  func close() { ends.withLock { $0 = nil } }
}
