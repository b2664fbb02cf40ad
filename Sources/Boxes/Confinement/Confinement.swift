import ExecEngine
import Glibc
import Synchronization

/// How far bubblewrap can take privileges away on this machine, the strongest way first.
///
/// In each of them a command has no capability, can get none, and is under the filter of system calls.
enum Confinement: CaseIterable {
  /// A user namespace of its own in which no further one can be made (bubblewrap 0.8).
  case closedNamespace
  /// A user namespace of its own; only the filter refuses further ones.
  case namespace
  /// No user namespace: for root on a machine without them.
  case capabilities

  private static let found = Mutex<Confinement?>(nil)

  /// The way that worked here; nil before the first try.
  static var known: Confinement? { found.withLock { $0 } }

  /// Remembers this way as the one that works here.
  func remember() { Self.found.withLock { $0 = self } }

  /// The ways to try: without a user namespace bubblewrap makes sandboxes for root only.
  static var candidates: [Confinement] {
    if let known { return [known] }
    return geteuid() == 0 ? allCases : [.closedNamespace, .namespace]
  }

  /// bubblewrap's arguments for it.
  var words: [String] {
    switch self {
    case .closedNamespace: ["--unshare-user", "--disable-userns", "--cap-drop", "ALL"]
    case .namespace: ["--unshare-user", "--cap-drop", "ALL"]
    case .capabilities: ["--cap-drop", "ALL"]
    }
  }
}

/// The pipe through which bubblewrap gets the filter of system calls; it waits until the filter comes.
///
/// bubblewrap reads the filter when the sandbox is made and before there is a command in it. So the command starts only
/// when this process sends the filter: without it, or with a part of it, bubblewrap ends. If this process dies before it
/// opens the gate, no command has run.
final class FilterGate: Sendable {
  private struct Ends {
    let reading: OwnedFile
    let writing: OwnedFile
  }

  private let ends: Mutex<Ends?>
  private let program: [UInt8]
  /// The reading end, which bubblewrap inherits.
  let descriptor: Int32

  /// Makes a closed gate.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` without descriptors, or without a filter.
  convenience init() throws(BoxError) { try self.init(program: SandboxFilter.program()) }

  /// Makes a gate with other instructions.
  init(program: [UInt8]) throws(BoxError) {
    self.program = program
    let pipe = try StandardStreams.Pipe()
    let ends = Ends(reading: OwnedFile(pipe.reading.take()), writing: OwnedFile(pipe.writing.take()))
    descriptor = ends.reading.raw
    self.ends = Mutex(ends)
  }

  /// Sends the filter, so that bubblewrap goes on; false when the filter cannot be sent.
  ///
  /// The reading end is still open here, so the write causes no SIGPIPE when bubblewrap has ended. It does not block: an
  /// empty pipe takes at least 8 KiB.
  func open() -> Bool {
    let ends = ends.withLock { ends in
      defer { ends = nil }
      return ends
    }
    guard let ends else { return false }
    return write(ends.writing.raw, program, program.count) == program.count
  }

  /// Closes the gate for good: the bubblewrap that waits for it ends.
  func close() { ends.withLock { $0 = nil } }
}
