import Glibc
import SystemPackage

/// A file descriptor that is given back exactly once: by ``close()`` or when its owner goes.
struct Descriptor: ~Copyable, Sendable {
  /// The number, or −1 once it was given back (or when there never was a file).
  private(set) var raw: Int32

  /// Takes over a descriptor.
  init(raw: Int32) { self.raw = raw }

  deinit { if raw >= 0 { _ = Glibc.close(raw) } }

  /// Opens `name` below the folder `parent`, never to be inherited by a child.
  static func open(_ name: String, in parent: Int32, flags: Int32, mode: mode_t = 0) throws(Errno) -> Descriptor {
    while true {
      let raw = openat(parent, name, flags | O_CLOEXEC, mode)
      if raw >= 0 { return Descriptor(raw: raw) }
      guard errno == EINTR else { throw Errno(rawValue: errno) }
    }
  }

  /// Opens a folder by path, to open files below it.
  static func open(folder path: FilePath) throws(Errno) -> Descriptor {
    try open(path.string, in: AT_FDCWD, flags: O_RDONLY | O_DIRECTORY)
  }

  /// Gives the descriptor back; more than once does nothing.
  mutating func close() {
    guard raw >= 0 else { return }
    _ = Glibc.close(raw)
    raw = -1
  }
}

extension Errno {
  /// What to do when a limit of this process is reached, to be put behind the error; empty for anything else.
  package var limitHint: String {
    switch self {
    case .tooManyOpenFiles: "; close executions, or raise the limit (ulimit -n)"
    case .tooManyOpenFilesInSystem: "; close executions, or raise the system's limit (fs.file-max)"
    case .resourceTemporarilyUnavailable: "; raise the limit of processes (ulimit -u, or the control group's)"
    default: ""
    }
  }
}
