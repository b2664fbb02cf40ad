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
  private let store: Store

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
    store = Store(engine, box, configuration) { NIODeadline.now().uptimeNanoseconds }
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
    reaper = group.next().scheduleRepeatedTask(initialDelay: tick, delay: tick) { [store] _ in store.reap() }
  }

  private static func real(_ address: ListenAddress, _ channel: any Channel) -> ListenAddress {
    switch address {
    case .unix: address
    case .network(let host, let port): .network(host: host, port: channel.localAddress?.port ?? port)
    }
  }

  /// Takes no new connection; who is attached stays.
  public func stopListening() { try? channel.close().wait() }

  /// Stops listening, gives attached clients a second to take the ends that there are, and hangs up on everyone.
  ///
  /// Executions are the engine's and go on.
  public func stop() {
    stopListening()
    reaper.cancel()
    letClientsGo()
    try? group.syncShutdownGracefully()
    try? pool.syncShutdownGracefully()
  }

  private func letClientsGo() {
    let loop = group.next()
    let deadline = NIODeadline.now() + .seconds(1)
    let gone = loop.makePromise(of: Void.self)
    loop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(10)) { [store] task in
      guard store.endsToTake == 0 || NIODeadline.now() > deadline else { return }
      task.cancel()
      gone.succeed()
    }
    try? gone.futureResult.wait()
  }
}
