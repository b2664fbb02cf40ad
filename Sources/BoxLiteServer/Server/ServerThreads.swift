import NIOCore
import NIOPosix

/// The threads of one listener.
struct ServerThreads: Sendable {
  /// Carry every connection.
  let loops: MultiThreadedEventLoopGroup
  /// Answer requests, which may take as long as a box needs to start a command.
  let workers: NIOThreadPool
  /// Read what attached clients get from the disk.
  let readers: NIOThreadPool
  /// How other threads reach the loops.
  let door = LoopDoor()

  init(loops: Int, workers: Int, readers: Int) {
    self.loops = MultiThreadedEventLoopGroup(numberOfThreads: loops)
    self.workers = NIOThreadPool(numberOfThreads: workers)
    self.workers.start()
    self.readers = NIOThreadPool(numberOfThreads: readers)
    self.readers.start()
  }

  func stop() {
    // Whoever works for a loop first: it goes back there.
    try? workers.syncShutdownGracefully()
    try? readers.syncShutdownGracefully()
    door.shut()
    try? loops.syncShutdownGracefully()
  }
}
