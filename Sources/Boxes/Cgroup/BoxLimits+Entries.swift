extension BoxLimits {
  /// One value for one of the kernel's files.
  struct Entry: Hashable {
    let path: String
    let value: String
    /// Whether the kernel may lack the file: swap is not always counted.
    var isOptional = false
  }

  private static let period: UInt64 = 100_000

  /// The controllers without which these limits cannot hold.
  var controllers: Set<CgroupController> {
    var needed: Set<CgroupController> = []
    if memory != nil { needed.insert(.memory) }
    if milliProcessors != nil { needed.insert(.cpu) }
    if processes != nil { needed.insert(.pids) }
    return needed
  }

  /// What is written where, in order.
  func entries(in group: Cgroup) -> [Entry] {
    var entries: [Entry] = []
    if let memory, let folder = group.folder(.memory) { entries += Self.entries(memory: memory, folder) }
    if let milliProcessors, let folder = group.folder(.cpu) {
      entries += Self.entries(quota: UInt64(milliProcessors) * Self.period / 1000, folder)
    }
    if let processes, let folder = group.folder(.pids) {
      entries.append(Entry(path: folder.file("pids.max"), value: String(processes + CgroupMaker.ownProcesses)))
    }
    return entries
  }

  /// Memory that may be swapped out as much as one likes would not be bounded.
  private static func entries(memory: UInt64, _ folder: Cgroup.Folder) -> [Entry] {
    switch folder.version {
    case .one:
      [
        Entry(path: folder.file("memory.limit_in_bytes"), value: String(memory)),
        Entry(path: folder.file("memory.memsw.limit_in_bytes"), value: String(memory), isOptional: true),
      ]
    case .two:
      [
        Entry(path: folder.file("memory.max"), value: String(memory)),
        Entry(path: folder.file("memory.swap.max"), value: "0", isOptional: true),
      ]
    }
  }

  /// The quota is microseconds in each period of 100 ms.
  private static func entries(quota: UInt64, _ folder: Cgroup.Folder) -> [Entry] {
    switch folder.version {
    case .one:
      [
        Entry(path: folder.file("cpu.cfs_period_us"), value: String(period)),
        Entry(path: folder.file("cpu.cfs_quota_us"), value: String(quota)),
      ]
    case .two: [Entry(path: folder.file("cpu.max"), value: "\(quota) \(period)")]
    }
  }
}
