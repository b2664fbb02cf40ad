import NIOCore
import NIOPosix
import Synchronization

@testable import BoxLiteClient

/// Stands between client and server, and cuts attach connections after a number of bytes that a test decides.
final class CuttingProxy: Sendable {
  /// How many bytes from the server pass before a cut, and how it is cut; nil for none.
  typealias Plan = @Sendable () -> (after: Int, isReset: Bool)?

  /// Cuts that were made.
  final class Count: Sendable {
    let value = Atomic<Int>(0)
  }

  let endpoint: Endpoint
  let cuts = Count()
  private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  private let channel: any Channel

  init(to port: Int, _ plan: @escaping Plan) throws {
    let cuts = cuts
    channel = try ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 256)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(ProxyFront(port, plan, cuts))
        }
      }.bind(host: "127.0.0.1", port: 0).wait()
    endpoint = .network(host: "127.0.0.1", port: channel.localAddress?.port ?? 0, tls: false)
  }

  func stop() {
    try? channel.close().wait()
    try? group.syncShutdownGracefully()
  }
}
