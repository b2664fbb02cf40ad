import BoxLiteWire
import CExecShims
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
    if isAlive(path) { throw ServerError("another server answers there") }
    try SocketFile.remove(path)
    let descriptor = cexec_bind_private(path)
    guard descriptor >= 0 else { throw IOError(errnoCode: -descriptor, reason: "bind") }
    // From here on it is the channel's to close.
    do {
      return try bootstrap().withBoundSocket(descriptor).wait()
    } catch {
      unlink(path)
      throw error
    }
  }

  /// Whether another process accepts connections there; a socket's file outlives a killed server.
  private func isAlive(_ path: String) -> Bool {
    guard let channel = try? ClientBootstrap(group: group).connect(unixDomainSocketPath: path).wait() else {
      return false
    }
    try? channel.close().wait()
    return true
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

/// The file of a Unix socket.
private enum SocketFile {
  /// Removes the socket that a killed server left; leaves everything else where it is.
  static func remove(_ path: String) throws {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFSOCK else {
      throw ServerError("there is a file that is no socket; remove it, or choose another path")
    }
    unlink(path)
  }
}
