import Glibc
import Journal
import NIOCore
import Synchronization
public import SystemPackage

/// The key that clients must show, compared without telling by time how much of it was right.
struct AccessKey: Sendable {
  private let key: [UInt8]

  init(_ key: String) { self.key = Array(key.utf8) }

  /// Whether an `Authorization` header carries the key: `Bearer KEY`, the first word in any case.
  func accepts(_ header: String?) -> Bool {
    guard let header, header.utf8.count > 7, header.prefix(7).lowercased() == "bearer " else { return false }
    return matches(Array(header.utf8.dropFirst(7)))
  }

  /// Takes as long for a wrong first byte as for a wrong last one; only the offered text's length shows.
  private func matches(_ offered: [UInt8]) -> Bool {
    var difference = offered.count ^ key.count
    for (index, byte) in offered.enumerated() {
      difference |= Int(byte ^ (key.isEmpty ? 0 : key[index % key.count]))
    }
    return difference == 0
  }
}

/// What a boxwatch that listens at a private socket is.
public enum InstanceKind: String, Hashable, Sendable, CaseIterable {
  /// One with a screen.
  case monitor
  /// `run --headless`.
  case run
  /// `serve`.
  case serve
  /// One that was left running in the background.
  case detached
}

/// The word that a client of a private socket must say, in a file of mode 0600 beside the socket.
///
/// Who reaches the socket alone, through a folder that was mounted or passed on, cannot say it.
public enum InstanceToken {
  private static let bytes = 32

  /// Where the token of a socket is: `PID.sock` has `PID.token`.
  public static func path(beside socket: FilePath) -> FilePath {
    var path = socket
    path.extension = "token"
    return path
  }

  /// The token that stands beside a socket; nil when there is none, as beside a socket of an older boxwatch.
  public static func read(beside socket: FilePath) -> String? {
    var buffer = [UInt8](repeating: 0, count: bytes * 2)
    guard let file = try? FileDescriptor.open(path(beside: socket), .readOnly, options: [.closeOnExec, .noFollow]),
      let count = try? file.closeAfter({ try buffer.withUnsafeMutableBytes { try file.read(into: $0) } }),
      count == buffer.count
    else { return nil }
    return String(validating: buffer, as: UTF8.self)
  }

  /// Makes a new token and its file.
  ///
  /// What a process of the same number left behind is replaced.
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

  /// Removes a token's file; one that another server has replaced since stays.
  static func remove(_ token: String, beside socket: FilePath) {
    if read(beside: socket) == token { unlink(path(beside: socket).string) }
  }
}

/// A file with a secret, which its owner alone can read: there is the whole of it at its path, or none.
package enum PrivateFile {
  /// Writes a new file in the place of one that may be there.
  ///
  /// - Throws: the call's error; what was at the path is as it was then.
  package static func replace(_ path: FilePath, with bytes: [UInt8]) throws(Errno) {
    try write(bytes, beside: path) { new in rename(new, path.string) }
  }

  /// Writes a file that must not be there yet.
  ///
  /// - Throws: `fileExists` when it is there, and each call's error; nothing is at the path then that was not there before.
  package static func create(_ path: FilePath, with bytes: [UInt8]) throws(Errno) {
    try write(bytes, beside: path) { new in
      if link(new, path.string) == 0 { return unlink(new) }
      // A file system without links: two that are first at once are not told apart there.
      guard errno == EPERM || errno == EOPNOTSUPP else { return -1 }
      return rename(new, path.string)
    }
  }

  /// Writes under a name of this process first: a disk that is full must not leave half a secret in the place of the file.
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
