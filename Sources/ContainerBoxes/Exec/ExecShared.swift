import Synchronization

/// What an exec's session and its process's callers both know.
final class ExecShared: Sendable {
  /// Whether the exec is over, or let go of.
  let isOver = Mutex(false)
  private let found = Mutex<HostProcess?>(nil)

  /// The process on this host; nil when the engine's host is another.
  var process: HostProcess? { found.withLock { $0 } }

  /// Notes the number that the engine told.
  func found(_ number: Int32, container: String) {
    let process = HostProcess(number, container: container)
    found.withLock { $0 = process }
  }
}
