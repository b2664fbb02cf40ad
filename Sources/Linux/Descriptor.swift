import CExecShims
import Glibc
package import SystemPackage

/// A file descriptor that is closed exactly once: by ``close()`` or when its owner is destroyed.
package struct Descriptor: ~Copyable, Sendable {
  /// The descriptor, or −1 once it is closed (or if there was no file).
  package private(set) var raw: Int32

  /// Takes over a descriptor.
  package init(raw: Int32) { self.raw = raw }

  deinit { if raw >= 0 { _ = Glibc.close(raw) } }

  /// Whether it has a file.
  package var isOpen: Bool { raw >= 0 }

  /// Opens `name` with close-on-exec, relative to the folder `parent`, by default the working directory (openat(2)).
  package static func open(
    _ name: String, in parent: Int32 = AT_FDCWD, flags: Int32, mode: UInt32 = 0
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

  /// Opens an unnamed file in memory (memfd_create(2)).
  package static func inMemory(named name: String) throws(Errno) -> Descriptor {
    let raw = cexec_memory_file(name)
    guard raw >= 0 else { throw Errno(rawValue: errno) }
    return Descriptor(raw: raw)
  }

  /// A second descriptor of the same open file, above the standard streams (`F_DUPFD_CLOEXEC`, fcntl(2)).
  package func duplicate() throws(Errno) -> Descriptor {
    let copy = fcntl(raw, F_DUPFD_CLOEXEC, 3)
    guard copy >= 0 else { throw Errno(rawValue: errno) }
    return Descriptor(raw: copy)
  }

  /// Sets or clears `O_NONBLOCK`, which belongs to the open file and so to all its descriptors (fcntl(2)).
  package func setNonBlocking(_ isNonBlocking: Bool) throws(Errno) {
    let flags = fcntl(raw, F_GETFL)
    guard flags >= 0 else { throw Errno(rawValue: errno) }
    let wanted = isNonBlocking ? flags | O_NONBLOCK : flags & ~O_NONBLOCK
    guard fcntl(raw, F_SETFL, wanted) >= 0 else { throw Errno(rawValue: errno) }
  }

  /// Closes the descriptor; calling it again does nothing.
  package mutating func close() {
    guard raw >= 0 else { return }
    _ = Glibc.close(raw)
    raw = -1
  }

  /// Passes the file on to a new owner; this one is closed then.
  package mutating func move() -> Descriptor {
    defer { raw = -1 }
    return Descriptor(raw: raw)
  }

  /// Passes the number on; the caller must close it.
  package consuming func take() -> Int32 {
    let raw = raw
    discard self
    return raw
  }
}

/// A file with several owners, or one in a collection; closed with the last reference.
///
/// An array or dictionary cannot hold a ``Descriptor``, which cannot be copied.
package final class SharedDescriptor: Sendable {
  private let descriptor: Descriptor

  /// Takes over a descriptor.
  package init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }

  /// Takes over a descriptor by its number.
  package convenience init(raw: Int32) { self.init(Descriptor(raw: raw)) }

  /// The descriptor, −1 if there was no file.
  package var raw: Int32 { descriptor.raw }
}

/// The two ends of a pipe, both above the standard streams (pipe2(2)).
package struct Pipe: ~Copyable, Sendable {
  /// The end to read from; it may be moved out.
  package var reading: Descriptor
  /// The end to write to; it may be moved out.
  package var writing: Descriptor

  /// Makes an empty pipe.
  package init() throws(Errno) {
    var (first, second): (Int32, Int32) = (-1, -1)
    let error = cexec_pipe(&first, &second)
    guard error == 0 else { throw Errno(rawValue: error) }
    reading = Descriptor(raw: first)
    writing = Descriptor(raw: second)
  }
}

/// The limit of open files of this process (`RLIMIT_NOFILE`, getrlimit(2)).
package enum DescriptorLimit {
  /// The largest number of open files; nil when it cannot be read.
  package static var current: UInt64? {
    var limit = rlimit()
    return getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 ? UInt64(limit.rlim_cur) : nil
  }

  /// Whether the limit currently allows `count` more descriptors.
  ///
  /// The kernel assigns the lowest free number, so the highest are checked first. None is opened to be counted, because
  /// another thread that opens a file meanwhile would be refused.
  package static func allows(_ count: Int) -> Bool {
    guard let limit = current else { return false }
    var (number, left) = (Int32(clamping: limit) - (limit > UInt64(Int32.max) ? 0 : 1), 0)
    while number >= 0, left < count {
      if fcntl(number, F_GETFD) < 0 { left += 1 }
      number -= 1
    }
    return left >= count
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
