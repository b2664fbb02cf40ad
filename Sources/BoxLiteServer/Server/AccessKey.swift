import Glibc
import Journal
import Linux
import NIOCore
import Synchronization
public import SystemPackage

/// The key that clients must present, compared in constant time.
struct AccessKey: Sendable {
  private let key: [UInt8]

  init(_ key: String) { self.key = Array(key.utf8) }

  /// Whether an `Authorization` header carries the key: `Bearer KEY`, with the scheme in any case.
  func accepts(_ header: String?) -> Bool {
    guard let header, header.utf8.count > 7, header.prefix(7).lowercased() == "bearer " else { return false }
    return matches(Array(header.utf8.dropFirst(7)))
  }

  /// Compares in a time that depends only on the length of the offered key.
  private func matches(_ offered: [UInt8]) -> Bool {
    var difference = offered.count ^ key.count
    for (index, byte) in offered.enumerated() {
      difference |= Int(byte ^ (key.isEmpty ? 0 : key[index % key.count]))
    }
    return difference == 0
  }
}

/// The kind of a boxwatch that listens at a private socket.
public enum InstanceKind: String, Hashable, Sendable, CaseIterable {
  /// A monitor.
  case monitor
  /// `run --headless`.
  case run
  /// `serve`.
  case serve
  /// A detached run.
  case detached
}

/// The token that a client of a private socket must present, in a file of mode 0600 beside the
/// socket.
///
/// A process that reaches only the socket, through a mounted or passed folder, does not have it.
public enum InstanceToken {
  private static let bytes = 32

  /// The path of a socket's token: `PID.sock` has `PID.token`.
  public static func path(beside socket: FilePath) -> FilePath {
    var path = socket
    path.extension = "token"
    return path
  }

  /// The token beside a socket; nil when there is none, as with an older boxwatch.
  public static func read(beside socket: FilePath) -> String? {
    var buffer = [UInt8](repeating: 0, count: bytes * 2)
    guard let file = try? FileDescriptor.open(path(beside: socket), .readOnly, options: [.closeOnExec, .noFollow]),
      let count = try? file.closeAfter({ try buffer.withUnsafeMutableBytes { try file.read(into: $0) } }),
      count == buffer.count
    else { return nil }
    return String(validating: buffer, as: UTF8.self)
  }

  /// Creates a new token and its file.
  ///
  /// A file left by an earlier process of the same number is replaced.
  static func make(beside socket: FilePath) throws(ServerError) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var generator = SystemRandomNumberGenerator()
    let text = (0..<(bytes * 2)).map { _ in digits[Int.random(in: 0..<16, using: &generator)] }
    let path = path(beside: socket)
    do throws(Errno) { try PrivateFile.replace(path, with: text) } catch {
      throw ServerError("cannot write the token's file \(path): \(error)\(error.limitHint)")
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Removes a token's file, unless another server has replaced it.
  static func remove(_ token: String, beside socket: FilePath) {
    if read(beside: socket) == token { unlink(path(beside: socket).string) }
  }
}

/// A file with a secret that only its owner can read, created atomically.
package enum PrivateFile {
  /// Writes a file, replacing an existing one.
  ///
  /// - Throws: the call's error; the path is unchanged then.
  package static func replace(_ path: FilePath, with bytes: [UInt8]) throws(Errno) {
    try write(bytes, beside: path) { new in rename(new, path.string) }
  }

  /// Writes a file that must not exist yet.
  ///
  /// - Throws: `fileExists` when it exists, and each call's error; nothing new is at the path then.
  package static func create(_ path: FilePath, with bytes: [UInt8]) throws(Errno) {
    try write(bytes, beside: path) { new in
      if link(new, path.string) == 0 { return unlink(new) }
      // A file system without hard links: two simultaneous creations are not distinguished there.
      guard errno == EPERM || errno == EOPNOTSUPP else { return -1 }
      return rename(new, path.string)
    }
  }

  /// Writes under a temporary name of this process first: a full disk must not leave a partial
  /// secret at the path.
  private static func write(
    _ bytes: [UInt8], beside path: FilePath, place: (String) -> Int32
  ) throws(Errno) {
    let new = FilePath("\(path).\(getpid()).new")
    unlink(new.string)
    do {
      let file = try FileDescriptor.open(
        new, .writeOnly, options: [.create, .exclusiveCreate, .noFollow, .closeOnExec], permissions: .ownerReadWrite)
      try file.closeAfter {
        _ = try file.writeAll(bytes)
        if fsync(file.rawValue) != 0 { throw Errno(rawValue: errno) }
      }
      if place(new.string) != 0 { throw Errno(rawValue: errno) }
    } catch {
      unlink(new.string)
      throw error as? Errno ?? .ioError
    }
  }
}

/// The files of one server at a Unix socket, removed once and only if they are the socket that it
/// bound and the token that it wrote.
final class SocketFiles: Sendable {
  private let path: String
  private let identity: SocketFile.Identity?
  private let key: String?
  private let isRemoved = Atomic<Bool>(false)

  /// - Parameter key: the token of a private socket; nil without one.
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
  static let taken = ServerError("another server already listens there")

  /// The identity of the file at a path.
  struct Identity: Hashable {
    private let device: dev_t
    private let number: ino_t

    /// Nil when there is no file.
    init?(_ path: String) {
      var status = stat()
      guard lstat(path, &status) == 0 else { return nil }
      (device, number) = (status.st_dev, status.st_ino)
    }
  }

  /// Whether a process accepts connections there, or is too busy to; a socket's file outlives a
  /// killed server.
  static func isListening(_ path: String) -> Bool {
    guard let address = try? SocketAddress(unixDomainSocketPath: path) else { return false }
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    // EAGAIN: its queue is full (unix(7)).
    return address.withSockAddr { connect(descriptor, $0, socklen_t($1)) == 0 || errno == EAGAIN }
  }

  /// Removes the socket of a killed server; leaves any other file.
  static func removeStale(_ path: String) throws(ServerError) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFSOCK else {
      throw ServerError("a file that is not a socket exists there; remove it, or choose another path")
    }
    unlink(path)
  }

  /// Restricts a socket's file to its owner; must be called before bind(2), which creates the file
  /// with the socket's mode.
  static func makePrivate(_ descriptor: Int32) throws {
    if fchmod(descriptor, 0o600) != 0 { throw IOError(errnoCode: errno, reason: "fchmod") }
  }
}
