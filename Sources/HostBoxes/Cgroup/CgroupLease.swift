import ExecEngine
import Glibc
import Linux
import Synchronization

/// A cgroup for one command, removed with any remaining processes when the command is released.
final class CgroupLease: Sendable {
  let group: Cgroup

  private static let number = Atomic<UInt64>(0)
  private static let swept: Void = CgroupSweep.run(.ofThisProcess(), .ofCommands)

  /// Makes a group with limits.
  ///
  /// - Throws: ``CgroupRefusal``.
  init(_ limits: BoxLimits) throws(CgroupRefusal) {
    Self.swept
    let next = Self.number.add(1, ordering: .relaxed).newValue
    group = try CgroupMaker(table: .ofThisProcess()).make("boxwatch-run-\(getpid())-\(next)", limits)
  }

  /// Removes the group, or schedules killing its processes and removing it; does not block.
  func end() {
    if !group.remove() { CgroupRemoval.shared.add(group) }
  }
}

/// Removes the groups that killed programs left behind.
enum CgroupSweep {
  /// The purpose of a group, whose name contains the ID of the process that made it.
  enum Kind {
    /// `boxwatch-run-PID-N`, for one command.
    case ofCommands
    /// `boxwatch-kept-NAME-PID.N`, for a kept box.
    case ofKeptBoxes

    fileprivate var prefix: String { self == .ofCommands ? "boxwatch-run-" : "boxwatch-kept-" }

    fileprivate func maker(of name: String) -> Int32? {
      let parts = name.dropFirst(prefix.count).split(separator: "-")
      let part = self == .ofCommands ? parts.first : parts.last?.split(separator: ".").first
      return part.flatMap { Int32($0) }
    }
  }

  /// Removes the empty groups of a kind whose maker has ended.
  ///
  /// A group with processes in it cannot be removed, so a running kept box keeps its group after its maker has ended. A
  /// group that is still empty because its first process has not joined yet has a maker that is running.
  static func run(_ table: CgroupTable, _ kind: Kind) {
    for folder in Set(table.hierarchies.flatMap(\.parents)) {
      for name in FolderContents.names(in: folder) where name.hasPrefix(kind.prefix) {
        if let maker = kind.maker(of: name), kill(maker, 0) != 0, errno == ESRCH { rmdir(folder + "/" + name) }
      }
    }
  }
}

/// Removes cgroups whose last process is still exiting.
///
/// A group's folder cannot be removed while the kernel tears down a killed process, which takes some milliseconds after
/// its parent observed the end. A separate thread waits for that and ends when there is nothing left to remove; if this
/// program ends first, its exit waits for at most a second.
final class CgroupRemoval: Sendable {
  private struct State {
    var groups: [Cgroup] = []
    var isRunning = false
  }

  /// The instance of this process.
  static let shared = CgroupRemoval()

  /// How long, in nanoseconds, the thread tries; after that the next group's thread, or the exit, tries again.
  private static let patience: UInt64 = 10_000_000_000
  private static let patienceAtExit: UInt64 = 1_000_000_000

  private let state = Mutex(State())

  private init() { atexit { CgroupRemoval.shared.finish() } }

  /// Schedules killing the processes of a group and removing it.
  func add(_ group: Cgroup) {
    let mustStart = state.withLock { state in
      state.groups.append(group)
      defer { state.isRunning = true }
      return !state.isRunning
    }
    guard mustStart, DetachedThread.start(name: "boxwatch-groups", { self.run() }) != nil else { return }
    state.withLock { $0.isRunning = false }
  }

  private func run() {
    let due = MonotonicClock.now + Self.patience
    while let group = state.withLock({ state in
      state.isRunning = !state.groups.isEmpty && MonotonicClock.now < due
      return state.isRunning ? state.groups.first : nil
    }) {
      removeOnce()
      group.waitForEnd()
    }
  }

  private func finish() {
    let due = MonotonicClock.now + Self.patienceAtExit
    while MonotonicClock.now < due, let group = state.withLock({ $0.groups.first }) {
      removeOnce()
      if state.withLock({ !$0.groups.isEmpty }) { group.waitForEnd() }
    }
  }

  /// Outside the lock, because killing a group blocks.
  private func removeOnce() {
    let left = state.withLock { $0.groups }
    let removed = Set(left.filter { $0.remove() || $0.killAll() && $0.remove() })
    state.withLock { state in state.groups.removeAll { removed.contains($0) } }
  }
}
