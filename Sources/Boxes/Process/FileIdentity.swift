import Glibc

/// Which file it is, whatever it is called: two mounts of devpts(5) each have a `/dev/pts/0`.
struct FileIdentity: Hashable {
  private let device: UInt64
  private let inode: UInt64

  /// Looks at a path, following links, also the descriptors of `/proc/PID/fd`; nil when it cannot be looked at.
  init?(of path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    (device, inode) = (UInt64(status.st_dev), UInt64(status.st_ino))
  }
}
