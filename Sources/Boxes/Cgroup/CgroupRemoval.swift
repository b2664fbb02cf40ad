import ExecEngine
import Glibc
import Synchronization

/// Removes control groups whose last process is still on its way out.
///
/// A folder of a group cannot be removed while the kernel takes a killed process apart, which is some milliseconds after
/// its parent saw it end. That is waited for on a thread of its own, which ends when there is nothing left to remove;
/// when this program ends before, its exit waits for a second at most.
final class CgroupRemoval: Sendable {
  private struct State {
    var groups: [Cgroup] = []
    var isRunning = false
  }

  /// The one of this process.
  static let shared = CgroupRemoval()

  /// Between two tries, in milliseconds.
  private static let pause: Int32 = 2
  /// How many tries the thread makes, for 10 seconds; later the next group's thread, or the exit, tries again.
  private static let tries = 5000
  private static let triesAtExit = 500

  private let state = Mutex(State())

  private init() { atexit { CgroupRemoval.shared.finish() } }

  /// Kills what is in a group, and removes it soon.
  func add(_ group: Cgroup) {
    let mustStart = state.withLock { state in
      state.groups.append(group)
      defer { state.isRunning = true }
      return !state.isRunning
    }
    guard mustStart, EngineThread.start(name: "boxwatch-groups", { self.run() }) != nil else { return }
    state.withLock { $0.isRunning = false }
  }

  private func run() {
    var tries = Self.tries
    while state.withLock({ state in
      state.isRunning = !state.groups.isEmpty && tries > 0
      return state.isRunning
    }) {
      removeOnce()
      tries -= 1
      poll(nil, 0, Self.pause)
    }
  }

  private func finish() {
    for _ in 0..<Self.triesAtExit where !state.withLock({ $0.groups.isEmpty }) {
      removeOnce()
      poll(nil, 0, Self.pause)
    }
  }

  /// Outside of the lock: killing a group waits for it.
  private func removeOnce() {
    let left = state.withLock { $0.groups }
    let removed = Set(left.filter { $0.remove() || $0.killAll() && $0.remove() })
    state.withLock { state in state.groups.removeAll { removed.contains($0) } }
  }
}
