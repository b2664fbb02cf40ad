import Glibc
import Journal
public import SystemPackage

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
