public import ExecEngine
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Serves BoxLite's REST API over an engine.
public final class RESTServer: Sendable {
  /// Where it listens; with the real port when any was asked for.
  public let address: ListenAddress

  private let group: MultiThreadedEventLoopGroup
  private let pool: NIOThreadPool
  private let channel: any Channel
  private let reaper: RepeatedTask

  /// Threads that start commands, which may take as long as a box needs.
  private static let startThreads = 4

  /// Listens, and answers from then on.
  ///
  /// - Throws: ``ServerError`` when the address cannot be had.
  public init(
    _ engine: Engine, box: any Box, at address: ListenAddress, configuration: ServerConfiguration = .init()
  ) throws(ServerError) {
    group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    pool = NIOThreadPool(numberOfThreads: Self.startThreads)
    pool.start()
    let store = Store(engine, box, configuration) { NIODeadline.now().uptimeNanoseconds }
    let parts = ServerParts(
      service: Service(store: store), key: configuration.key.map(AccessKey.init), pool: pool,
      configuration: configuration)
    do {
      channel = try Listener(parts, group).listen(address)
    } catch {
      try? pool.syncShutdownGracefully()
      try? group.syncShutdownGracefully()
      throw ServerError("cannot listen at \(address): \(error)")
    }
    self.address = Self.real(address, channel)
    let tick = TimeAmount(configuration.times.reaper)
    reaper = group.next().scheduleRepeatedTask(initialDelay: tick, delay: tick) { _ in store.reap() }
  }

  private static func real(_ address: ListenAddress, _ channel: any Channel) -> ListenAddress {
    switch address {
    case .unix: address
    case .network(let host, let port): .network(host: host, port: channel.localAddress?.port ?? port)
    }
  }

  /// Stops listening and hangs up on every client; executions are the engine's and go on.
  public func stop() {
    reaper.cancel()
    try? channel.close().wait()
    try? group.syncShutdownGracefully()
    try? pool.syncShutdownGracefully()
  }
}
