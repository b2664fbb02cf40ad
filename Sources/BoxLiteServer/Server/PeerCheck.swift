import CExecShims
import Glibc
import NIOCore

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
