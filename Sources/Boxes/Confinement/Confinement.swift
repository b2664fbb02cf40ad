import Glibc
import Synchronization

/// How far bubblewrap can take privileges away on this machine, from the most to the least.
///
/// Whichever it is, a command has no capability, can get none, and is under the filter of system calls.
enum Confinement: CaseIterable {
  /// A user namespace of its own in which no others can be made (bubblewrap 0.8).
  case closedNamespace
  /// A user namespace of its own; the filter refuses others.
  case namespace
  /// None: for root on a machine that has no user namespaces.
  case capabilities

  private static let found = Mutex<Confinement?>(nil)

  /// The most that worked here so far; nil before the first try.
  static var known: Confinement? { found.withLock { $0 } }

  /// Remembers what worked.
  func remember() { Self.found.withLock { $0 = self } }

  /// Those that are worth a try: bubblewrap makes no sandbox for others than root without a user namespace.
  static var candidates: [Confinement] {
    if let known { return [known] }
    return geteuid() == 0 ? allCases : [.closedNamespace, .namespace]
  }

  /// bubblewrap's words for it.
  var words: [String] {
    switch self {
    case .closedNamespace: ["--unshare-user", "--disable-userns", "--cap-drop", "ALL"]
    case .namespace: ["--unshare-user", "--cap-drop", "ALL"]
    case .capabilities: ["--cap-drop", "ALL"]
    }
  }
}
