import Glibc
import Synchronization

/// What of `/etc` not every user of this machine may read: passwords, private keys, settings with secrets in them.
///
/// To root in a sandbox these files are its own, so that permissions alone would not keep them. Which they are is found
/// out by their permissions, not by a list of names; again when a folder of `/etc` changed, looked at once a second.
enum EtcSecrets {
  private struct Scan {
    var folders: [(path: String, changed: timespec)] = []
    var secrets: [SandboxLayer] = []
    var looked = timespec()
  }

  private static let last = Mutex<Scan?>(nil)

  /// What covers them, those that are there now.
  static func current() -> [SandboxLayer] {
    let now = time()
    let secrets = last.withLock { last in
      if let scan = last, scan.looked.tv_sec == now.tv_sec || isFresh(scan) {
        last?.looked = now
        return scan.secrets
      }
      var scan = Scan(looked: now)
      look("/etc", &scan)
      last = scan
      return scan.secrets
    }
    return secrets.filter { HostPath.mode($0.target) != nil }
  }

  private static func isFresh(_ scan: Scan) -> Bool {
    scan.folders.allSatisfy { folder in
      guard let status = status(folder.path) else { return false }
      return status.st_mtim.tv_sec == folder.changed.tv_sec && status.st_mtim.tv_nsec == folder.changed.tv_nsec
    }
  }

  private static func look(_ folder: String, _ scan: inout Scan) {
    guard let own = status(folder) else { return }
    scan.folders.append((folder, own.st_mtim))
    for name in ProcessDirectory.names(in: folder) {
      let path = folder + "/" + name
      guard let status = status(path) else { continue }
      switch status.st_mode & S_IFMT {
      case S_IFLNK: continue
      case S_IFDIR:
        if status.st_mode & 0o005 == 0o005 {
          look(path, &scan)
        } else if access(path, X_OK) == 0 {
          scan.secrets.append(.own(path))
        }
      default: if status.st_mode & 0o004 == 0, access(path, R_OK) == 0 { scan.secrets.append(.covered(path)) }
      }
    }
  }

  private static func status(_ path: String) -> stat? {
    var status = stat()
    return lstat(path, &status) == 0 ? status : nil
  }

  private static func time() -> timespec {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time
  }
}
