import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// Opens the listening socket and fits what comes in.
struct Listener {
  private let setup: ConnectionSetup
  private let group: MultiThreadedEventLoopGroup
  private let sockets = SocketCount()
  private let peers: PeerCheck?

  /// - Parameter peers: who may connect to a private socket; nil for everybody.
  init(_ parts: ServerParts, _ group: MultiThreadedEventLoopGroup, _ peers: PeerCheck?) {
    setup = ConnectionSetup(parts: parts)
    (self.group, self.peers) = (group, peers)
  }

  func listen(_ address: ListenAddress) throws -> any Channel {
    let bootstrap = bootstrap()
    switch address {
    case .network(let host, let port): return try bootstrap.bind(host: host, port: port).wait()
    case .unix(let path):
      if isAlive(path) { throw ServerError("another server answers there") }
      let channel = try bootstrap.bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).wait()
      // Connecting takes the right to write (unix(7)).
      chmod(path, 0o600)
      return channel
    }
  }

  /// Whether somebody accepts connections there; a socket's file outlives a killed server.
  private func isAlive(_ path: String) -> Bool {
    guard let channel = try? ClientBootstrap(group: group).connect(unixDomainSocketPath: path).wait() else {
      return false
    }
    try? channel.close().wait()
    return true
  }

  private func bootstrap() -> ServerBootstrap {
    let limit = setup.parts.configuration.limits.sockets
    return ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 512)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.writeBufferWaterMark, value: .init(low: 128 << 10, high: 512 << 10))
      .childChannelInitializer { [setup, sockets, peers] channel in
        let count = sockets.enter()
        channel.closeFuture.whenComplete { _ in sockets.leave() }
        // Somebody who holds that many more is not worth an answer.
        if count > limit * 2 { return channel.close() }
        let admitted = peers?.admits(channel) ?? channel.eventLoop.makeSucceededFuture(true)
        return admitted.flatMap { isAdmitted in
          guard isAdmitted else { return channel.close() }
          return channel.eventLoop.makeCompletedFuture { try setup.fit(channel, isRefused: count > limit) }
        }
      }
  }
}
