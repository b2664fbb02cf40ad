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
