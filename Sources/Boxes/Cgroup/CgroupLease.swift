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
