import Glibc
import Linux
import Synchronization

/// The host's files that not every user of this machine may read: passwords, private keys, settings with secrets.
///
/// In a sandbox started by root the command still owns root's files, so their permissions do not protect them. They are
/// found by their permissions and not by a list of names.
enum HostSecrets {
  private struct Scan {
    let secrets: [SandboxLayer]
    let second: UInt64
  }

  private static let last = Mutex<Scan?>(nil)

  /// The covers of those in `/etc` that exist now.
  ///
  /// They are searched for at most once a second, because the search takes a few milliseconds. The folders' times do not
  /// show whether a search is needed: a file's permissions change without them.
  static func etc() -> [SandboxLayer] {
    let now = MonotonicClock.now / 1_000_000_000
    let known = last.withLock { last in
      if let scan = last, scan.second == now { return scan.secrets }
      let scan = Scan(secrets: secrets(in: "/etc"), second: now)
      last = scan
      return scan.secrets
    }
    return known.filter { secret in
      if case .nothing = HostPath.sight(of: secret.target) { return false }
      return true
    }
  }

  /// The covers of the kernel's files in `/proc`, found once; empty for users other than root, who may not read them
  /// anyway.
  ///
  /// A number is a process, and the sandbox's `/proc` shows only the sandbox's processes. The settings in `/proc/sys` are
  /// not covered, because its contents depend on the network namespace of the reading process.
  static let kernel: [SandboxLayer] =
    geteuid() == 0 ? secrets(in: "/proc", depth: 2) { Int32($0) != nil || $0 == "sys" } : []

  /// The covers of the secrets in a folder and in the folders below it.
  ///
  /// - Parameters:
  ///   - depth: How many levels of folders are looked into.
  ///   - isSkipped: Whether a name in `folder` itself is left out.
  static func secrets(
    in folder: String, depth: Int = .max, skipping isSkipped: (String) -> Bool = { _ in false }
  ) -> [SandboxLayer] {
    var found: [SandboxLayer] = []
    for name in FolderContents.names(in: folder).sorted() where !isSkipped(name) {
      let path = folder + "/" + name
      switch HostPath.sight(of: path) {
      case .file(let mode): found += secrets(at: path, mode, depth: depth)
      case .nothing: continue
      case .unknown: found.append(.covered(path))
      }
    }
    return found
  }

  private static func secrets(at path: String, _ mode: mode_t, depth: Int) -> [SandboxLayer] {
    switch mode & S_IFMT {
    case S_IFLNK: []
    case S_IFDIR where mode & 0o005 == 0o005: depth > 1 ? secrets(in: path, depth: depth - 1) : []
    case S_IFDIR: isRefused(path, X_OK) ? [] : [.own(path)]
    default: mode & 0o004 != 0 || isRefused(path, R_OK) ? [] : [.covered(path)]
    }
  }

  /// Whether this user may not access a file; false if that could not be determined.
  private static func isRefused(_ path: String, _ use: Int32) -> Bool { access(path, use) != 0 && errno == EACCES }
}
