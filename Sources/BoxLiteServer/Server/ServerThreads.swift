import Dispatch
import ExecEngine
import NIOCore
import NIOPosix
import NetworkThreads

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

  /// - Throws: ``Shortage`` when this process cannot have that many: none was started then.
  init(loops: Int, workers: Int, readers: Int) throws(Shortage) {
    (self.loops, self.workers, self.readers) = try EventLoops.make(loops: loops, threads: workers + readers) { loops in
      let pools = (NIOThreadPool(numberOfThreads: workers), NIOThreadPool(numberOfThreads: readers))
      pools.0.start()
      pools.1.start()
      return (loops, pools.0, pools.1)
    }
  }

  /// Ends the threads; after two seconds without them, which only a process that is short of threads needs.
  func stop() {
    let gone = DispatchSemaphore(value: 0)
    // NIO ends its threads on one of Dispatch's, and whoever asks Dispatch for one waits until there is one to be had.
    let failure = EngineThread.start(name: "boxwatch-stop") {
      end()
      gone.signal()
    }
    if failure == nil { _ = gone.wait(timeout: .now() + 2) } else { door.shut() }
  }

  private func end() {
    // Whoever works for a loop first: it goes back there.
    try? workers.syncShutdownGracefully()
    try? readers.syncShutdownGracefully()
    door.shut()
    try? loops.syncShutdownGracefully()
  }
}
