import ExecModel
import Glibc

/// Which processes a signal for a command goes to.
enum SignalRoute: Hashable, Sendable {
  /// The whole process group.
  case group
  /// The session without bubblewrap's own two processes.
  case sandboxed

  /// Sends it; 0, or an error number of kill(2).
  func deliver(_ signal: Signal, toGroup group: Int32) -> Int32 {
    switch self {
    case .group: Self.signalGroup(signal, group)
    case .sandboxed: Sandbox(monitor: group).signal(signal) ?? Self.signalGroup(signal, group)
    }
  }

  private static func signalGroup(_ signal: Signal, _ group: Int32) -> Int32 {
    kill(-group, signal.number) == 0 ? 0 : errno
  }
}
