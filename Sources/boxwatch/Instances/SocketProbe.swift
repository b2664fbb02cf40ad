import CExecShims
import Glibc
import SystemPackage

/// Whether somebody listens at a Unix socket.
enum SocketProbe {
  enum Answer {
    /// Somebody does, or is busy.
    case listening
    /// Nobody does, and nobody is about to.
    case stale
    /// It is no socket, or cannot be asked.
    case unknown
  }

  /// How old a socket must be, in seconds, before a refusal counts: between bind(2) and listen(2) everybody is refused.
  private static let grace: Int64 = 2

  /// Connects and hangs up.
  static func look(at path: FilePath) -> Answer {
    var status = stat()
    guard lstat(path.string, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return .unknown }
    switch connect(to: path) {
    case 0, EAGAIN: return .listening
    case ECONNREFUSED: return Int64(time(nil)) - cexec_modified(path.string) >= grace ? .stale : .unknown
    default: return .unknown
    }
  }

  /// 0 or an error number (connect(2)).
  private static func connect(to path: FilePath) -> Int32 {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return errno }
    defer { close(descriptor) }
    guard var address = address(path) else { return ENAMETOOLONG }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    let result = withUnsafePointer(to: &address) { address in
      address.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(descriptor, $0, size) }
    }
    return result == 0 ? 0 : errno
  }

  /// A path as the kernel takes it, at most 107 bytes (unix(7)).
  private static func address(_ path: FilePath) -> sockaddr_un? {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.string.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return address
  }
}
