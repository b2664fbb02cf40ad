import ExecEngine
import Synchronization
import SystemPackage

/// The pump threads that executions share, started with the first execution.
///
/// Two by default: one saturates at 4.5 GB/s however many floods it reads, a thread for each execution costs a stack
/// and a wake-up for each.
public final class PumpGroup: Sendable {
  private struct State {
    var loops: [PumpLoop] = []
    var next = 0
    var spawner: PumpLoop?
  }

  /// The group that every box uses unless it is given another.
  public static let shared = PumpGroup(threads: 2)

  private let threads: Int
  private let state = Mutex(State())

  /// Makes a group of 1 to 64 threads; none runs yet.
  public init(threads: Int) { self.threads = min(max(threads, 1), 64) }

  deinit { stop() }

  /// Ends the threads; executions that still run are reported no more, and sandboxes end with the thread that made them.
  public func stop() {
    let loops = state.withLock { state in
      defer { state = State() }
      return state.loops + (state.spawner.map { [$0] } ?? [])
    }
    for loop in loops { loop.stop() }
  }

  /// The loop for the next execution, round robin.
  func nextLoop() throws(Errno) -> PumpLoop {
    try state.withLock { state throws(Errno) in
      // Without another thread the ones there are do.
      if state.loops.count < threads {
        do throws(Errno) { state.loops.append(try Self.startLoop()) } catch {
          if state.loops.isEmpty { throw error }
        }
      }
      state.next = (state.next &+ 1) % state.loops.count
      return state.loops[state.next]
    }
  }

  /// A loop whose thread makes processes that must not outlive it; started when first needed.
  func spawnLoop() throws(Errno) -> PumpLoop {
    try state.withLock { state throws(Errno) in
      if let loop = state.spawner { return loop }
      let loop = try Self.startLoop()
      state.spawner = loop
      return loop
    }
  }

  private static func startLoop() throws(Errno) -> PumpLoop {
    let loop = try PumpLoop()
    if let error = EngineThread.start(name: "boxwatch-pump", { loop.run() }) { throw error }
    return loop
  }
}
