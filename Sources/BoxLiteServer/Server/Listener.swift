import BoxLiteWire
import Glibc
import NIOCore
import NIOPosix

/// Opens the listening socket and fits what comes in.
struct Listener {
  private let setup: ConnectionSetup
  private let group: MultiThreadedEventLoopGroup
  private let connections: Connections
  private let peers: PeerCheck?

  /// - Parameter peers: who may connect; nil for everybody.
  init(_ parts: ServerParts, _ group: MultiThreadedEventLoopGroup, _ peers: PeerCheck?) {
    setup = ConnectionSetup(parts: parts)
    connections = Connections(parts.configuration.limits)
    (self.group, self.peers) = (group, peers)
  }

  func listen(_ address: ListenAddress) throws -> any Channel {
    switch address {
    case .network(let host, let port): return try bootstrap().bind(host: host, port: port).wait()
    case .unix(let path): return try listen(atSocket: path)
    }
  }

  /// Others cannot connect at any moment: the socket is its owner's alone before it listens.
  private func listen(atSocket path: String) throws -> any Channel {
    if SocketFile.isListening(path) { throw SocketFile.taken }
    try SocketFile.removeStale(path)
    let bootstrap = bootstrap().serverChannelInitializer { channel in
      channel.eventLoop.makeCompletedFuture {
        try channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) {
          try SocketFile.makePrivate($0)
        }
      }
    }
    let channel: any Channel
    do {
      channel = try bootstrap.bind(unixDomainSocketPath: path).wait()
    } catch {
      // It may have been bound before it failed; a path that was in use is another server's.
      if (error as? IOError)?.errnoCode != EADDRINUSE { try SocketFile.removeStale(path) }
      throw error
    }
    // Kernels that go by umask(2) alone.
    chmod(path, 0o600)
    return channel
  }

  private func bootstrap() -> ServerBootstrap {
    ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 512)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.writeBufferWaterMark, value: .init(low: 128 << 10, high: 512 << 10))
      // A turn of the loop for each reading: one of tiny frames alone is ten thousand of them.
      .childChannelOption(.maxMessagesPerRead, value: 1)
      .childChannelInitializer { [setup, connections, peers] channel in
        let parts = setup.parts
        let visitor = Visitor(
          channel, parts.admission, connections, limit: parts.configuration.limits.sockets)
        guard let peers else { return Self.fit(channel, visitor, setup) }
        return peers.objection(to: channel).flatMap { objection in
          if let objection {
            visitor.refuse(ErrorReply(.permissionDenied, objection))
          } else if !visitor.isKnownByKernel() {
            return channel.close()
          }
          return Self.fit(channel, visitor, setup)
        }
      }
  }

  private static func fit(
    _ channel: any Channel, _ visitor: Visitor, _ setup: ConnectionSetup
  ) -> EventLoopFuture<Void> {
    channel.eventLoop.makeCompletedFuture { try setup.fit(channel, visitor) }
  }
}
