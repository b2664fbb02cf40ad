import Glibc
import NIOCore
import Synchronization
import SystemPackage

/// The files of one server at a Unix socket, removed once: the very socket that it bound, and the very token that it wrote.
final class SocketFiles: Sendable {
  private let path: String
  private let identity: SocketFile.Identity?
  private let key: String?
  private let isRemoved = Atomic<Bool>(false)

  /// - Parameter key: the token of the file beside a private socket; nil where there is none.
  init?(_ address: ListenAddress, key: String?) {
    guard case .unix(let path) = address else { return nil }
    (self.path, self.key) = (path, key)
    identity = SocketFile.Identity(path)
  }

  func remove() {
    guard !isRemoved.exchange(true, ordering: .relaxed) else { return }
    if let identity, SocketFile.Identity(path) == identity { unlink(path) }
    if let key { InstanceToken.remove(key, beside: FilePath(path)) }
  }
}

/// The file of a Unix socket.
enum SocketFile {
  static let taken = ServerError("another server answers there")

  /// Which file a path leads to.
  struct Identity: Hashable {
    private let device: dev_t
    private let number: ino_t

    /// Nil when nothing is there.
    init?(_ path: String) {
      var status = stat()
      guard lstat(path, &status) == 0 else { return nil }
      (device, number) = (status.st_dev, status.st_ino)
    }
  }

  /// Whether a process accepts connections there, or is too busy to; a socket's file outlives a killed server.
  static func isListening(_ path: String) -> Bool {
    guard let address = try? SocketAddress(unixDomainSocketPath: path) else { return false }
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    // EAGAIN: its queue is full (unix(7)).
    return address.withSockAddr { connect(descriptor, $0, socklen_t($1)) == 0 || errno == EAGAIN }
  }

  /// Removes the socket that a killed server left; leaves everything else where it is.
  static func removeStale(_ path: String) throws(ServerError) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFSOCK else {
      throw ServerError("there is a file that is no socket; remove it, or choose another path")
    }
    unlink(path)
  }

  /// Makes a socket one whose file its owner alone can use; before bind(2), which makes the file with the socket's mode.
  static func makePrivate(_ descriptor: Int32) throws {
    if fchmod(descriptor, 0o600) != 0 { throw IOError(errnoCode: errno, reason: "fchmod") }
  }
}
