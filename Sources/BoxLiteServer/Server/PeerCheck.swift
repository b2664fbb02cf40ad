import BoxLiteWire
import CExecShims
import Glibc
import Linux
import NIOCore
import NIOHTTP1
import Synchronization
import SystemPackage

/// Decides who may connect without a key: the user who runs the process, and root; through a Unix
/// socket only from our namespaces.
///
/// The kernel identifies the client, by `SO_PEERCRED` at a Unix socket and by `sock_diag(7)` for
/// TCP; nothing that a client sends is used.
struct PeerCheck: Sendable {
  /// The credentials that the kernel recorded at connect(2): `struct ucred` of unix(7), which
  /// Swift's Glibc module lacks.
  private struct Credentials {
    var process: Int32 = 0
    var user: UInt32 = 0
    var group: UInt32 = 0
  }

  /// Our user number.
  var owner = geteuid()

  /// Why a connection's peer is refused; nil when it is accepted.
  func objection(to channel: any Channel) -> EventLoopFuture<String?> {
    if case .unixDomainSocket? = channel.localAddress { return unixObjection(to: channel) }
    let words: String?
    do throws(TCPPeer.Unknown) { words = objection(to: try TCPPeer.user(of: channel)) } catch { words = error.words }
    return channel.eventLoop.makeSucceededFuture(words)
  }

  func objection(to user: UInt32) -> String? {
    user == owner || user == 0
      ? nil
      : "without a key only root and the user who runs this boxwatch (\(owner)) are answered, not user \(user)"
  }

  private func unixObjection(to channel: any Channel) -> EventLoopFuture<String?> {
    let loop = channel.eventLoop
    guard let options = channel as? any SocketOptionProvider else {
      return loop.makeSucceededFuture("the client's user cannot be determined")
    }
    let credentials: EventLoopFuture<Credentials> = options.unsafeGetSocketOption(
      level: .init(rawValue: SOL_SOCKET), name: .init(rawValue: SO_PEERCRED))
    // Kernels before 6.5 have no peer pidfd: the number alone may already belong to another
    // process.
    let handle: EventLoopFuture<Int32> = options.unsafeGetSocketOption(
      level: .init(rawValue: SOL_SOCKET), name: .init(rawValue: Int32(CEXEC_PEER_PIDFD)))
    return credentials.and(handle.recover { _ in -1 }).map { credentials, handle in
      let handle = handle < 0 ? nil : ProcessHandle(Descriptor(raw: handle))
      return objection(to: credentials.user) ?? PeerPlace.objection(to: credentials.process, handle)
    }.recover { "the client's user cannot be determined: \($0)" }
  }
}

extension ListenAddress {
  /// Whether the kernel identifies peers: at Unix sockets, and on loopback where sock_diag(7) is
  /// available.
  public var tellsPeers: Bool {
    switch self {
    case .unix: true
    case .network: isLocal && TCPPeer.canBeAsked
    }
  }
}

/// The user of the peer of a TCP connection within this machine.
enum TCPPeer {
  /// The kernel does not identify the peer.
  struct Unknown: Error {
    let words: String
  }

  /// Whether the kernel answers such queries, tested with a connection of our own.
  static var canBeAsked: Bool { cexec_tcp_users_are_known() != 0 }

  /// The peer's user.
  ///
  /// - Throws: ``Unknown`` for a connection from another machine, for one that is already closed,
  ///   and where the kernel cannot be queried.
  static func user(of channel: any Channel) throws(Unknown) -> UInt32 {
    guard let far = end(channel.remoteAddress), let near = end(channel.localAddress), far.family == near.family else {
      throw Unknown(words: "a server without a key cannot determine the client's user on this connection")
    }
    var user: UInt32 = 0
    var (farEnd, nearEnd) = (far.end, near.end)
    let error = cexec_tcp_user(far.family, &farEnd, &nearEnd, &user)
    guard error == 0 else {
      throw Unknown(
        words: "a server without a key answers only users of its own machine, and cannot determine the client's user: "
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
  /// The address in network byte order, 4 or 16 bytes; nil for a Unix socket.
  var bytes: [UInt8]? {
    guard let text = ipAddress else { return nil }
    // A zone may follow (RFC 4007, section 11).
    let number = String(text.prefix { $0 != "%" })
    let family = number.contains(":") ? AF_INET6 : AF_INET
    var bytes = [UInt8](repeating: 0, count: family == AF_INET ? 4 : 16)
    return bytes.withUnsafeMutableBytes { inet_pton(family, number, $0.baseAddress) } == 1 ? bytes : nil
  }
}

/// Checks that a process is in our namespaces: a command in a sandbox or a container has our user
/// number, and must not be taken for our user.
enum PeerPlace {
  /// Why the peer process of a Unix socket is refused; nil when it is accepted.
  ///
  /// - Parameters:
  ///   - process: its number; 0 when it is not in our PID namespace.
  ///   - handle: nil where the kernel has none.
  static func objection(to process: Int32, _ handle: borrowing ProcessHandle?) -> String? {
    if process == getpid() { return nil }
    guard process > 0 else { return refusal("the client's process", "PID") }
    let words = difference(process)
    // Checked last: if the process still runs, everything above was read from this process.
    switch handle {
    case .some(let handle) where !handle.isRunning: return "process \(process) has ended since it connected"
    default: return words
    }
  }

  private static let kinds: [(kind: Namespaces, name: String)] = [
    (.users, "user"), (.processes, "PID"), (.mounts, "mount"),
  ]

  private static func difference(_ process: Int32) -> String? {
    guard let differing = try? Namespaces.differing(in: process) else { return publicDifference(process) }
    return kinds.first { differing.contains($0.kind) }.map { refusal("process \(process)", $0.name) }
  }

  private static func refusal(_ process: String, _ kind: String) -> String {
    """
    \(process) is not in this boxwatch's \(kind) namespace (it is in a sandbox or a container): \
    without a key it is not answered, even with the same user ID
    """
  }

  /// Compares world-readable properties: a process that cannot be debugged hides its namespaces, as
  /// a server with a key does.
  static func publicDifference(_ process: Int32) -> String? {
    guard let its = View("\(process)"), let ours = View("self") else {
      return "the namespaces of process \(process) cannot be determined"
    }
    if its.depth != ours.depth { return refusal("process \(process)", "PID") }
    return its.mount == ours.mount ? nil : refusal("process \(process)", "mount")
  }

  private struct View {
    /// The first mount's number, which is unique to its mount namespace (mountinfo in proc(5)).
    let mount: Substring
    /// The number of nested PID namespaces, from ours on (`NSpid` in proc(5)).
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

/// One connection from accept to close: whether it is answered, and whether it is authenticated.
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

  /// Adds a connection.
  init(_ channel: any Channel, _ admission: Admission, _ connections: Connections, limit: Int) {
    (self.admission, self.connections, self.limit) = (admission, connections, limit)
    state = Mutex(State())
    number = connections.enter(channel)
    channel.closeFuture.whenComplete { [self] _ in connections.leave(number, wasKnown: isKnown) }
  }

  /// Whether it is authenticated.
  var isKnown: Bool { state.withLock { $0.isKnown } }

  /// Why every request on it is refused, whatever the headers; nil when each request is checked.
  var standing: ErrorReply? { state.withLock { $0.refusal } }

  /// Makes every request fail with this error.
  func refuse(_ refusal: ErrorReply) { state.withLock { $0.refusal = refusal } }

  /// Marks it as authenticated by the kernel, so that it needs no key.
  ///
  /// Returns false when there are so many connections that it is not answered.
  func isKnownByKernel() -> Bool { (admit() ?? .max) <= limit * 2 }

  /// Why a request with these headers is refused; nil when it is answered.
  func refusal(of headers: HTTPHeaders, isOpen: Bool = false) -> ErrorReply? {
    if let standing { return standing }
    if let refusal = admission.refusal(of: headers, isOpen: isOpen) { return refusal }
    if !isOpen, !isKnown { _ = admit() }
    return standing
  }

  /// Records that it is authenticated.
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
