import BoxLiteWire
import CExecShims
import Glibc
import NIOCore
import NIOHTTP1
import Synchronization
import SystemPackage

/// Who may connect without a key: the user who runs us, and root; through a Unix socket only from our own place.
///
/// The kernel is asked, of a Unix socket by `SO_PEERCRED`, of TCP by `sock_diag(7)`: what a client says counts for nothing.
struct PeerCheck: Sendable {
  /// What the kernel noted at connect(2): `struct ucred` of unix(7), which Swift's module of the C library lacks.
  private struct Credentials {
    var process: Int32 = 0
    var user: UInt32 = 0
    var group: UInt32 = 0
  }

  /// Our own user's number.
  var owner = geteuid()

  /// Why a connection's other end may not stay; nil when it may.
  func objection(to channel: any Channel) -> EventLoopFuture<String?> {
    if case .unixDomainSocket? = channel.localAddress { return unixObjection(to: channel) }
    let words: String?
    do throws(TCPPeer.Unknown) { words = objection(to: try TCPPeer.user(of: channel)) } catch { words = error.words }
    return channel.eventLoop.makeSucceededFuture(words)
  }

  func objection(to user: UInt32) -> String? {
    user == owner || user == 0
      ? nil
      : "only the user who runs this boxwatch (\(owner)) and root are answered here without a key, and not user \(user)"
  }

  private func unixObjection(to channel: any Channel) -> EventLoopFuture<String?> {
    let loop = channel.eventLoop
    guard let options = channel as? any SocketOptionProvider else {
      return loop.makeSucceededFuture("the other end cannot be asked for")
    }
    let credentials: EventLoopFuture<Credentials> = options.unsafeGetSocketOption(
      level: .init(rawValue: SOL_SOCKET), name: .init(rawValue: SO_PEERCRED))
    // Kernels before 6.5 have none: a number alone may be another process's by now.
    let handle: EventLoopFuture<Int32> = options.unsafeGetSocketOption(
      level: .init(rawValue: SOL_SOCKET), name: .init(rawValue: Int32(CEXEC_PEER_PIDFD)))
    return credentials.and(handle.recover { _ in -1 }).map { credentials, handle in
      defer { if handle >= 0 { close(handle) } }
      return objection(to: credentials.user) ?? PeerPlace.objection(to: credentials.process, handle: handle)
    }.recover { "the other end cannot be asked for: \($0)" }
  }
}

extension ListenAddress {
  /// Whether the kernel says who connects: at Unix sockets, and on loopback where it can be asked (`sock_diag(7)`).
  public var tellsPeers: Bool {
    switch self {
    case .unix: true
    case .network: isLocal && TCPPeer.canBeAsked
    }
  }
}

/// Whose process is at the far end of a TCP connection within this machine.
enum TCPPeer {
  /// The kernel does not say it.
  struct Unknown: Error {
    let words: String
  }

  /// Whether the kernel answers such questions, tried on a connection of our own.
  static var canBeAsked: Bool { cexec_tcp_users_are_known() != 0 }

  /// The far end's user.
  ///
  /// - Throws: ``Unknown`` for a connection from another machine, one that was closed already, and where the kernel cannot
  ///   be asked.
  static func user(of channel: any Channel) throws(Unknown) -> UInt32 {
    guard let far = end(channel.remoteAddress), let near = end(channel.localAddress), far.family == near.family else {
      throw Unknown(words: "a server without a key cannot find out who asks over this connection")
    }
    var user: UInt32 = 0
    var (farEnd, nearEnd) = (far.end, near.end)
    let error = cexec_tcp_user(far.family, &farEnd, &nearEnd, &user)
    guard error == 0 else {
      throw Unknown(
        words: "a server without a key answers users of its own machine only, and cannot find out who asks: "
          + String(cString: strerror(error)))
    }
    return user
  }

  private static func end(_ address: SocketAddress?) -> (family: Int32, end: cexec_tcp_end)? {
    guard let address, let port = address.port.flatMap(UInt16.init(exactly:)), let bytes = address.bytes
    else { return nil }
    var end = cexec_tcp_end()
    end.port = port
    withUnsafeMutableBytes(of: &end.address) { $0.copyBytes(from: bytes) }
    return (bytes.count == 4 ? AF_INET : AF_INET6, end)
  }
}

extension SocketAddress {
  /// The host's number as it is on the wire, 4 bytes or 16; nil for a Unix socket.
  var bytes: [UInt8]? {
    guard let text = ipAddress else { return nil }
    // A link's name may follow (RFC 4007, section 11).
    let number = String(text.prefix { $0 != "%" })
    let family = number.contains(":") ? AF_INET6 : AF_INET
    var bytes = [UInt8](repeating: 0, count: family == AF_INET ? 4 : 16)
    return bytes.withUnsafeMutableBytes { inet_pton(family, number, $0.baseAddress) } == 1 ? bytes : nil
  }
}

/// Whether a process sees the same machine as we: a command in a sandbox or a container has our user's number, and is not
/// to be taken for our user.
enum PeerPlace {
  /// Why a process of a Unix socket's other end is not believed; nil when it is.
  ///
  /// - Parameters:
  ///   - process: its number; 0 when our namespace of process numbers does not hold it.
  ///   - handle: its pidfd; -1 where the kernel has none.
  static func objection(to process: Int32, handle: Int32) -> String? {
    if process == getpid() { return nil }
    guard process > 0 else { return refusal("a process", "process numbers") }
    let words = difference(process)
    // Looked at last: whatever was read above was read of this very process.
    if handle >= 0, cexec_pidfd_runs(handle) == 0 { return "process \(process) has ended since it connected" }
    return words
  }

  /// CLONE_NEWUSER, CLONE_NEWPID and CLONE_NEWNS of clone(2), which Swift's module of the C library lacks.
  private static let kinds: [(flag: Int32, name: String)] = [
    (0x1000_0000, "users"), (0x2000_0000, "process numbers"), (0x2_0000, "mounts"),
  ]

  private static func difference(_ process: Int32) -> String? {
    let flags = cexec_differing_namespaces(process)
    guard flags >= 0 else { return publicDifference(process) }
    return kinds.first { flags & $0.flag != 0 }.map { refusal("process \(process)", $0.name) }
  }

  private static func refusal(_ process: String, _ kind: String) -> String {
    """
    \(process) is in another namespace of \(kind) (a sandbox or a container) than this boxwatch: \
    what has our user's number there is not answered without a key
    """
  }

  /// By what everybody may read of a process: one that cannot be debugged hides its namespaces, as a server with a key does.
  static func publicDifference(_ process: Int32) -> String? {
    guard let its = View("\(process)"), let ours = View("self") else {
      return "nothing can be found out about process \(process)"
    }
    if its.depth != ours.depth { return refusal("process \(process)", "process numbers") }
    return its.mount == ours.mount ? nil : refusal("process \(process)", "mounts")
  }

  private struct View {
    /// The first mount's number, which no other namespace has (mountinfo in proc(5)).
    let mount: Substring
    /// In how many namespaces of process numbers it is, from ours on (`NSpid` in proc(5)).
    let depth: Int

    init?(_ process: String) {
      guard let mounts = Self.text("/proc/\(process)/mountinfo"), let status = Self.text("/proc/\(process)/status"),
        let mount = mounts.split(separator: " ", maxSplits: 1).first,
        let numbers = status.split(separator: "\n").first(where: { $0.hasPrefix("NSpid:") })
      else { return nil }
      self.mount = mount
      depth = numbers.split(whereSeparator: \.isWhitespace).count - 1
    }

    /// A file's first 4 KiB.
    private static func text(_ path: String) -> String? {
      var bytes = [UInt8](repeating: 0, count: 4096)
      guard let file = try? FileDescriptor.open(path, .readOnly, options: .closeOnExec),
        let count = try? file.closeAfter({ try bytes.withUnsafeMutableBytes { try file.read(into: $0) } }), count > 0
      else { return nil }
      return String(decoding: bytes.prefix(count), as: UTF8.self)
    }
  }
}

/// One connection, from its acceptance to its end: whether it is answered, and since when it is known.
final class Visitor: Sendable {
  private let admission: Admission
  private let connections: Connections
  private let limit: Int
  private let number: UInt64
  private let state: Mutex<State>

  private struct State {
    var isKnown = false
    /// Why every request is refused.
    var refusal: ErrorReply?
  }

  /// Takes a connection in.
  init(_ channel: any Channel, _ admission: Admission, _ connections: Connections, limit: Int) {
    (self.admission, self.connections, self.limit) = (admission, connections, limit)
    state = Mutex(State())
    number = connections.enter(channel)
    channel.closeFuture.whenComplete { [self] _ in connections.leave(number, wasKnown: isKnown) }
  }

  /// Whether it has shown who it is.
  var isKnown: Bool { state.withLock { $0.isKnown } }

  /// Why every request of it is refused, whatever it says; nil when each is looked at.
  var standing: ErrorReply? { state.withLock { $0.refusal } }

  /// Has every request refused.
  func refuse(_ refusal: ErrorReply) { state.withLock { $0.refusal = refusal } }

  /// The kernel says who it is: it needs to show nothing.
  ///
  /// Returns false for one that is not worth an answer, as so many are there already.
  func isKnownByKernel() -> Bool { (admit() ?? .max) <= limit * 2 }

  /// Why a request with these headers is not answered; nil when it is.
  func refusal(of headers: HTTPHeaders, isOpen: Bool = false) -> ErrorReply? {
    if let standing { return standing }
    if let refusal = admission.refusal(of: headers, isOpen: isOpen) { return refusal }
    if !isOpen, !isKnown { _ = admit() }
    return standing
  }

  /// Notes that it has shown who it is.
  private func admit() -> Int? {
    let count = connections.admit(number)
    state.withLock { state in
      state.isKnown = count != nil
      if let count, count > limit {
        state.refusal = ErrorReply(
          .resourceExhausted, "this server has \(limit) connections already: try again later")
      }
    }
    return count
  }
}
