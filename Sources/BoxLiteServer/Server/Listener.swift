import BoxLiteWire
public import ExecModel
import Glibc
import NIOCore
import NIOPosix

/// A listening address.
public enum ListenAddress: Hashable, Sendable, CustomStringConvertible {
  /// A host name or address, and a port; port 0 for any free one.
  case network(host: String, port: Int)
  /// A Unix socket.
  case unix(path: String)

  /// BoxLite's own port, on loopback only.
  public static let standard = ListenAddress.network(host: "127.0.0.1", port: 8100)

  /// Parses `HOST:PORT`, `[IPv6]:PORT` or `unix:PATH`.
  ///
  /// - Throws: ``/ExecModel/TextValueError`` that says what to write.
  public init(text: String) throws(TextValueError) {
    if text.hasPrefix("unix:") {
      let path = String(text.dropFirst(5))
      // sun_path holds 108 bytes with its NUL (unix(7)).
      guard (1...107).contains(path.utf8.count) else {
        throw TextValueError("the socket's path must be 1 to 107 bytes long: '\(path)'")
      }
      self = .unix(path: path)
      return
    }
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
      throw TextValueError("'\(text)' is not an address; use 127.0.0.1:8100, [::1]:8100 or unix:PATH")
    }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
    guard !host.isEmpty else { throw TextValueError("'\(text)' has no host; use 127.0.0.1:\(port)") }
    self = .network(host: String(host), port: Int(port))
  }

  /// Whether only processes of this machine can reach it.
  ///
  /// Decided by the text: a name that is resolved may have any address.
  public var isLocal: Bool {
    switch self {
    case .unix: true
    case .network(let host, _): host == "::1" || host == "localhost" || Self.isLoopback(host)
    }
  }

  /// 127.0.0.0/8 (RFC 1122, section 3.2.1.3).
  private static func isLoopback(_ host: String) -> Bool {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  /// The address as ``init(text:)`` reads it.
  public var description: String {
    switch self {
    case .unix(let path): "unix:\(path)"
    case .network(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
  }
}

/// Opens the listening socket and configures accepted connections.
struct Listener {
  private let setup: ConnectionSetup
  private let group: MultiThreadedEventLoopGroup
  private let connections: Connections
  private let peers: PeerCheck?

  /// - Parameter peers: who may connect; nil for every client.
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

  /// The socket is restricted to its owner before it listens, so that no other user can connect at
  /// any moment.
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
      // The path may have been bound before the failure; a path that was in use belongs to another
      // server.
      if (error as? IOError)?.errnoCode != EADDRINUSE { try SocketFile.removeStale(path) }
      throw error
    }
    // For kernels that apply only umask(2).
    chmod(path, 0o600)
    return channel
  }

  private func bootstrap() -> ServerBootstrap {
    ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 512)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.writeBufferWaterMark, value: .init(low: 128 << 10, high: 512 << 10))
      // One read per turn of the loop: a single read of tiny frames can hold ten thousand of them.
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

extension ServerError {
  /// Why listening at an address failed, and what to do.
  init(listeningAt address: ListenAddress, _ error: any Error) {
    self.init("cannot listen at \(address): \(Self.reason(error))")
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case let error as ServerError: error.description
    case let error as IOError where error.errnoCode == EADDRINUSE: "the address is already in use; choose another port"
    case SocketAddressError.unixDomainSocketPathTooLong: "the path is too long; the limit is 107 bytes (unix(7))"
    case let error as IOError: String(cString: strerror(error.errnoCode))
    case SocketAddressError.unknown(let host, _): "there is no host '\(host)'"
    default: "\(error)"
    }
  }
}
