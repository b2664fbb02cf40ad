import Glibc
import NIOCore

/// Who may connect to a private socket: the user who runs us, and root.
///
/// The folder and the socket's mode keep others out already; this holds when somebody loosened them.
struct PeerCheck: Sendable {
  /// What the kernel noted at connect(2): `struct ucred` of unix(7), which Swift's module of the C library lacks.
  private struct Credentials {
    var process: Int32 = 0
    var user: UInt32 = 0
    var group: UInt32 = 0
  }

  /// Our own user's number.
  var owner = geteuid()

  func admits(_ user: UInt32) -> Bool { user == owner || user == 0 }

  /// Whether a connection's other end may stay; not when the kernel does not say who it is.
  func admits(_ channel: any Channel) -> EventLoopFuture<Bool> {
    guard let options = channel as? any SocketOptionProvider else {
      return channel.eventLoop.makeSucceededFuture(false)
    }
    let credentials: EventLoopFuture<Credentials> = options.unsafeGetSocketOption(
      level: .init(rawValue: SOL_SOCKET), name: .init(rawValue: SO_PEERCRED))
    return credentials.map { admits($0.user) }.recover { _ in false }
  }
}
