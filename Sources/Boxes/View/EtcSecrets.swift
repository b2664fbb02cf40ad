import Glibc
import Synchronization

/// What of `/etc` not every user of this machine may read: passwords, private keys, settings with secrets in them.
///
/// To root in a sandbox these files are its own, so that permissions alone would not keep them. Which they are is found
/// out by their permissions, not by a list of names; once a second at most, which takes a few milliseconds. What changed
/// since then is not compared: a file's permissions change without a change of its folder.
enum EtcSecrets {
  private struct Scan {
    let secrets: [SandboxLayer]
    let second: Int
  }

  private static let last = Mutex<Scan?>(nil)

  /// What covers them, those that are there now.
  static func current() -> [SandboxLayer] {
    let now = second()
    let known = last.withLock { last in
      if let scan = last, scan.second == now { return scan.secrets }
      let scan = Scan(secrets: secrets(in: "/etc"), second: now)
      last = scan
      return scan.secrets
    }
    return known.filter { HostPath.mode($0.target) != nil }
  }

  /// What covers the secrets in a folder and those below it.
  static func secrets(in folder: String) -> [SandboxLayer] {
    var found: [SandboxLayer] = []
    for name in ProcessDirectory.names(in: folder) {
      let path = folder + "/" + name
      guard let mode = HostPath.mode(path) else { continue }
      switch mode & S_IFMT {
      case S_IFLNK: continue
      case S_IFDIR:
        if mode & 0o005 == 0o005 {
          found += secrets(in: path)
        } else if access(path, X_OK) == 0 {
          found.append(.own(path))
        }
      default: if mode & 0o004 == 0, access(path, R_OK) == 0 { found.append(.covered(path)) }
      }
    }
    return found
  }

  private static func second() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec
  }
}
