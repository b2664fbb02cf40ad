import NIOPosix

/// The threads of all engines' connections; each engine's are on one of them.
enum EngineLoops {
  static let shared = MultiThreadedEventLoopGroup(numberOfThreads: 2)
}
