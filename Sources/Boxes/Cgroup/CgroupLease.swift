import ExecEngine
import Glibc
import Synchronization

/// A control group for one command: removed with what may be left in it, when the command is given back.
final class CgroupLease: Sendable {
  let group: Cgroup

  private static let number = Atomic<UInt64>(0)
  private static let swept: Void = { sweep(CgroupTable.ofThisProcess()) }()

  /// Makes a group with limits.
  ///
  /// - Throws: ``CgroupRefusal``.
  init(_ limits: BoxLimits) throws(CgroupRefusal) {
    Self.swept
    let next = Self.number.add(1, ordering: .relaxed).newValue
    group = try CgroupMaker(table: .ofThisProcess()).make("\(Self.prefix)\(getpid())-\(next)", limits)
  }

  private static let prefix = "boxwatch-run-"

  /// Removes the group, or ends what is in it and removes it soon; waits for nothing.
  func end() {
    if !group.remove() { CgroupRemoval.shared.add(group) }
  }

  /// Removes the groups that killed processes left behind.
  static func sweep(_ table: CgroupTable) {
    for folder in Set(table.hierarchies.flatMap(\.parents)) {
      for name in ProcessDirectory.names(in: folder) where name.hasPrefix(prefix) {
        let owner = name.dropFirst(prefix.count).split(separator: "-").first.flatMap { Int32($0) }
        // A group with processes in it cannot be removed, and so is not.
        if let owner, kill(owner, 0) != 0, errno == ESRCH { rmdir(folder + "/" + name) }
      }
    }
  }
}

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
