import BoxLiteClient
package import BoxLiteServer
import BoxLiteWire
package import ExecModel
import Glibc
import HostBoxes
package import SystemPackage

/// Another boxwatch of the same user that is alive and listening.
package struct Instance: Hashable, Sendable {
  /// Its process number.
  package var processIdentifier: Int32
  /// Its kind.
  package var kind: InstanceKind
  /// The folder of its journals.
  var executionsDirectory: FilePath
  /// Its private socket.
  var socket: FilePath
  /// The address of its public server, if it has one.
  var address: String?
  /// Its running executions without a current journal.
  var unrecorded: [UnrecordedReply] = []

  /// A short description for a list: `monitor 4711`.
  package var words: String { "\(kind.rawValue) \(processIdentifier)" }
}

extension RESTClient {
  /// A client of another boxwatch of the same user, which presents the token beside its socket.
  package convenience init(privateSocket socket: FilePath, patience: Duration) {
    self.init(
      .unix(path: socket.string), key: InstanceToken.read(beside: socket),
      keyPlace: "\(InstanceToken.path(beside: socket))", patience: patience)
  }
}

extension Instance {
  /// The timeout for an answer: a stopped boxwatch (Ctrl-Z) accepts connections and does not
  /// answer.
  static let patience = Duration.seconds(1)

  /// Queries the boxwatch at a socket; nil when it does not answer in time, or with a valid answer.
  init?(at socket: FilePath) {
    let client = RESTClient(privateSocket: socket, patience: Self.patience)
    guard let reply = try? client.me(), let instance = Instance(reply, at: socket) else { return nil }
    self = instance
  }

  init?(_ reply: MeReply, at socket: FilePath) {
    guard let number = reply.processIdentifier.flatMap(Int32.init(exactly:)),
      let kind = reply.kind.flatMap(InstanceKind.init), let folder = reply.executionsDirectory, folder.hasPrefix("/")
    else { return nil }
    self.init(
      processIdentifier: number, kind: kind, executionsDirectory: FilePath(folder), socket: socket,
      address: reply.address, unrecorded: reply.unrecorded)
  }
}

/// A request to another boxwatch that was not answered.
///
/// A boxwatch that was stopped checks the sender when it is continued, and ignores a request whose
/// sender is gone, since its origin can no longer be verified.
package struct UnansweredOrder: Error, CustomStringConvertible {
  /// The exit status for an unanswered request, as for any timeout.
  package static let status: Int32 = 124

  /// One line: the boxwatch, and what will become of the request.
  package let description: String

  /// Describes a request about an execution of the process `owner`.
  package init(_ execution: ExecutionID, owner: Int32) {
    let hope =
      ProcessActivity(of: owner) == .stopped
      ? "it is stopped; continue it (kill -CONT \(owner)) and repeat the command" : "it may still do it"
    description = "process \(owner) was asked, but did not answer for \(execution): \(hope)"
  }
}

/// Checks whether a process listens at a Unix socket.
enum SocketProbe {
  enum Answer {
    /// A process listens, or is busy.
    case listening
    /// No process listens, and none is about to.
    case stale
    /// It is not a socket, or cannot be checked.
    case unknown
  }

  /// The minimum age of a socket in seconds before a refusal counts: between bind(2) and listen(2)
  /// every connection is refused.
  private static let grace = 2

  /// Connects and closes the connection.
  static func look(at path: FilePath) -> Answer {
    var status = stat()
    guard lstat(path.string, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return .unknown }
    switch connect(to: path) {
    case 0, EAGAIN: return .listening
    case ECONNREFUSED:
      // Examined after the refusal: another process may have made the socket again since.
      guard lstat(path.string, &status) == 0 else { return .stale }
      return time(nil) - status.st_mtim.tv_sec >= grace ? .stale : .unknown
    default: return .unknown
    }
  }

  /// Returns 0 or an error number (connect(2)).
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

  /// A path in the kernel's form, at most 107 bytes (unix(7)).
  private static func address(_ path: FilePath) -> sockaddr_un? {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.string.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return address
  }
}
