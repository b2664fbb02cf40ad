import NIOCore
import NIOPosix

/// The threads of one listener.
struct ServerThreads: Sendable {
  /// Carry every connection.
  let loops: MultiThreadedEventLoopGroup
  /// Answer requests, which may take as long as a box needs to start a command.
  let workers: NIOThreadPool

  init(loops: Int, workers: Int) {
    self.loops = MultiThreadedEventLoopGroup(numberOfThreads: loops)
    self.workers = NIOThreadPool(numberOfThreads: workers)
    self.workers.start()
  }

  func stop() {
    try? loops.syncShutdownGracefully()
    try? workers.syncShutdownGracefully()
  }
}
