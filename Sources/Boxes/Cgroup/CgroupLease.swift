import Glibc
import Synchronization

/// A control group for one command: removed with what may be left in it, when the command is given back.
final class CgroupLease: Sendable {
  let group: Cgroup

  private static let number = Atomic<UInt64>(0)
  /// Groups whose last process was not gone yet when they were given back.
  private static let leftovers = Mutex<[Cgroup]>([])
  private static let swept: Void = { sweep(CgroupTable.ofThisProcess()) }()

  /// Makes a group with limits.
  ///
  /// - Throws: ``CgroupRefusal``.
  init(_ limits: BoxLimits) throws(CgroupRefusal) {
    Self.swept
    Self.retry()
    let next = Self.number.add(1, ordering: .relaxed).newValue
    group = try CgroupMaker(table: .ofThisProcess()).make("\(Self.prefix)\(getpid())-\(next)", limits)
  }

  private static let prefix = "boxwatch-run-"

  /// Ends what is in the group and removes it, now or with one of the next.
  func end() {
    guard !group.remove() else { return }
    group.killAll()
    guard !group.remove() else { return }
    Self.leave(group)
  }

  /// Has a group removed with one of the next, when its last process is gone.
  static func leave(_ group: Cgroup) { leftovers.withLock { $0.append(group) } }

  private static func retry() { leftovers.withLock { $0.removeAll { $0.remove() } } }

  /// Removes what processes left behind that were killed: nobody else would.
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
