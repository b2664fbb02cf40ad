import Glibc
import Synchronization

/// The files of `/etc` that not every user of this machine may read: passwords, private keys, settings with secrets.
///
/// In a sandbox started by root the command still owns root's files, so their permissions do not protect them. They are
/// found by their permissions and not by a list of names, at most once a second, because the search takes a few
/// milliseconds. The folders' times do not show whether a search is needed: a file's permissions change without them.
enum EtcSecrets {
  private struct Scan {
    let secrets: [SandboxLayer]
    let second: Int
  }

  private static let last = Mutex<Scan?>(nil)

  /// The covers of those files that exist now.
  static func current() -> [SandboxLayer] {
    let now = second()
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

  /// The covers of the secrets in a folder and in the folders below it.
  static func secrets(in folder: String) -> [SandboxLayer] {
    var found: [SandboxLayer] = []
    for name in ProcessDirectory.names(in: folder) {
      let path = folder + "/" + name
      switch HostPath.sight(of: path) {
      case .file(let mode): found += secrets(at: path, mode)
      case .nothing: continue
      case .unknown: found.append(.covered(path))
      }
    }
    return found
  }

  private static func secrets(at path: String, _ mode: mode_t) -> [SandboxLayer] {
    switch mode & S_IFMT {
    case S_IFLNK: []
    case S_IFDIR where mode & 0o005 == 0o005: secrets(in: path)
    case S_IFDIR: isRefused(path, X_OK) ? [] : [.own(path)]
    default: mode & 0o004 != 0 || isRefused(path, R_OK) ? [] : [.covered(path)]
    }
  }

  /// Whether this user may not access a file; false if that could not be determined.
  private static func isRefused(_ path: String, _ use: Int32) -> Bool { access(path, use) != 0 && errno == EACCES }

  private static func second() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec
  }
}

/// The kernel's files in `/proc` that not every user of this machine may read.
///
/// They are covered for the same reason as ``EtcSecrets``. The settings in `/proc/sys` are not, because its contents
/// depend on the network namespace of the reading process.
enum KernelSecrets {
  /// Their covers, found once; empty for users other than root, who may not read them anyway.
  static let covers: [SandboxLayer] = geteuid() == 0 ? secrets(in: "/proc", depth: 2) : []

  private static func secrets(in folder: String, depth: Int) -> [SandboxLayer] {
    ProcessDirectory.names(in: folder).sorted().flatMap { name -> [SandboxLayer] in
      let path = folder + "/" + name
      // A number is a process. The sandbox's /proc shows only the sandbox's processes.
      guard Int32(name) == nil, path != "/proc/sys" else { return [] }
      switch HostPath.sight(of: path) {
      case .file(let mode): return secrets(at: path, mode, depth: depth)
      case .nothing: return []
      case .unknown: return [.covered(path)]
      }
    }
  }

  private static func secrets(at path: String, _ mode: mode_t, depth: Int) -> [SandboxLayer] {
    switch mode & S_IFMT {
    case S_IFLNK: []
    case S_IFDIR where mode & 0o005 != 0o005: [.own(path)]
    case S_IFDIR: depth > 1 ? secrets(in: path, depth: depth - 1) : []
    default: mode & S_IROTH == 0 ? [.covered(path)] : []
    }
  }
}
