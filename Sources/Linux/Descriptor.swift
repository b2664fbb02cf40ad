package import Glibc
package import SystemPackage

/// A file descriptor that is closed exactly once: by ``close()`` or when its owner is destroyed.
package struct Descriptor: ~Copyable, Sendable {
  /// The descriptor, or −1 once it is closed (or if there was no file).
  package private(set) var raw: Int32

  /// Takes over a descriptor.
  package init(raw: Int32) { self.raw = raw }

  deinit { if raw >= 0 { _ = Glibc.close(raw) } }

  /// Opens `name` with close-on-exec, relative to the folder `parent`, by default the working directory (openat(2)).
  package static func open(
    _ name: String, in parent: Int32 = AT_FDCWD, flags: Int32, mode: mode_t = 0
  ) throws(Errno) -> Descriptor {
    while true {
      let raw = openat(parent, name, flags | O_CLOEXEC, mode)
      if raw >= 0 { return Descriptor(raw: raw) }
      guard errno == EINTR else { throw Errno(rawValue: errno) }
    }
  }

  /// Opens a folder by path, to open files relative to it.
  package static func open(folder path: FilePath) throws(Errno) -> Descriptor {
    try open(path.string, flags: O_RDONLY | O_DIRECTORY)
  }

  /// Closes the descriptor; calling it again does nothing.
  package mutating func close() {
    guard raw >= 0 else { return }
    _ = Glibc.close(raw)
    raw = -1
  }
}

extension Errno {
  /// What to do when a limit of this process is reached, to be appended to the error; empty for other errors.
  package var limitHint: String {
    switch self {
    case .tooManyOpenFiles: "; close executions, or raise the limit (ulimit -n)"
    case .tooManyOpenFilesInSystem: "; close executions, or raise the system's limit (fs.file-max)"
    case .resourceTemporarilyUnavailable: "; raise the limit of processes (ulimit -u, or the control group's)"
    default: ""
    }
  }
}
