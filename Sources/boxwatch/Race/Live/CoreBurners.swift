import ExecEngine
import Glibc
import Synchronization

/// Keeps every core busy with a thread of no other use, at the priority of everyone else.
final class CoreBurners: Sendable {
  private final class Flame: Sendable {
    let isOut = Atomic<Bool>(false)
  }

  /// How many threads burn.
  let count: Int
  private let flame = Flame()

  /// Lights one thread for each core of the machine.
  init() {
    count = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    for _ in 0..<count {
      EngineThread.start(name: "boxwatch-load") { [flame] in
        while !flame.isOut.load(ordering: .relaxed) {}
      }
    }
  }

  deinit { flame.isOut.store(true, ordering: .relaxed) }
}
