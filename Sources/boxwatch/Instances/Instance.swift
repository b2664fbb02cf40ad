import BoxLiteClient
import BoxLiteServer
import BoxLiteWire
import Boxes
import CExecShims
import ExecModel
import Glibc
import SystemPackage

/// Another boxwatch of the same user, alive and listening.
struct Instance: Hashable, Sendable {
  /// Its process's number.
  var processIdentifier: Int32
  /// What it is.
  var kind: InstanceKind
  /// Where its journals are.
  var executionsDirectory: FilePath
  /// Its private socket.
  var socket: FilePath
  /// Where it serves clients, when it does.
  var address: String?
  /// What runs there without a journal that tells of it.
  var unrecorded: [UnrecordedReply] = []

  /// A few words for a list: `monitor 4711`.
  var words: String { "\(kind.rawValue) \(processIdentifier)" }
}

extension RESTClient {
  /// A client of another boxwatch of the same user, which shows the token that stands beside its socket.
  convenience init(privateSocket socket: FilePath, patience: Duration) {
    self.init(
      .unix(path: socket.string), key: InstanceToken.read(beside: socket),
      keyPlace: "\(InstanceToken.path(beside: socket))", patience: patience)
  }
}

extension Instance {
  /// How long an answer may take: a boxwatch that is stopped (Ctrl-Z) lets everybody in and says nothing.
  static let patience = Duration.seconds(1)

  /// Asks who listens at a socket; nil when nobody answers in time, or with sense.
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

/// An order that was given to another boxwatch, which does not answer.
///
/// One that is stopped looks at who gave an order when it goes on, and follows none whose sender has gone: nothing says by
/// then where it came from.
struct UnansweredOrder: Error, CustomStringConvertible {
  /// What an order that was given and not answered ends with, as for any time that is up.
  static let status: Int32 = 124

  /// One line: who was asked, and what will become of it.
  let description: String

  init(_ execution: ExecutionID, owner: Int32) {
    let hope =
      ProcessSight(of: owner) == .stopped
      ? "it is stopped; give the order again when it goes on (kill -CONT \(owner))" : "it may still follow"
    description = "process \(owner) was asked, and does not answer for \(execution): \(hope)"
  }
}

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
