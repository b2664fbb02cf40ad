public import ExecModel

/// Resource limits of a whole box; nil is unlimited.
public struct BoxLimits: Hashable, Sendable {
  /// The memory limit in bytes; none of it is swapped.
  public var memory: UInt64?
  /// The processor limit in thousandths of a processor: 1500 is one and a half.
  public var milliProcessors: UInt32?
  /// The limit of processes and threads, without bubblewrap's own.
  public var processes: UInt32?

  /// Makes limits; the default is none.
  public init(memory: UInt64? = nil, milliProcessors: UInt32? = nil, processes: UInt32? = nil) {
    self.memory = memory
    self.milliProcessors = milliProcessors
    self.processes = processes
  }

  /// Whether there are no limits.
  public var isEmpty: Bool { self == BoxLimits() }

  /// These limits, overridden by those that `other` sets.
  func replacing(_ other: BoxLimits) -> BoxLimits {
    BoxLimits(
      memory: other.memory ?? memory, milliProcessors: other.milliProcessors ?? milliProcessors,
      processes: other.processes ?? processes)
  }

  /// Parses a size such as `512M` or `2G` (powers of 1024), at least 8M.
  ///
  /// - Throws: ``/ExecModel/TextValueError`` for any other text.
  public static func memory(text: String) throws(TextValueError) -> UInt64 {
    let shifts: [Character: UInt64] = ["K": 10, "M": 20, "G": 30, "T": 40, "k": 10, "m": 20, "g": 30, "t": 40]
    guard let last = text.last, let shift = shifts[last], let count = UInt64(text.dropLast()), count < 1 << 20,
      text.utf8.dropLast().allSatisfy(isDigit)
    else { throw TextValueError("'\(text)' is not an amount of memory; use 512M or 2G") }
    guard count << shift >= 8 << 20 else {
      throw TextValueError("'\(text)' of memory is too little to start a command in: allow at least 8M")
    }
    return count << shift
  }

  /// Parses a number of processors such as `1.5`, with at most three decimals, 0.01 to 1024.
  ///
  /// - Throws: ``/ExecModel/TextValueError`` for any other text.
  public static func milliProcessors(text: String) throws(TextValueError) -> UInt32 {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let decimals = parts.count == 2 ? parts[1] : "0"
    guard parts.count <= 2, (1...3).contains(decimals.count), decimals.utf8.allSatisfy(isDigit),
      let first = parts.first, (1...4).contains(first.count), first.utf8.allSatisfy(isDigit),
      let whole = UInt32(first), let part = UInt32(decimals + String(repeating: "0", count: 3 - decimals.count))
    else { throw TextValueError("'\(text)' is not a number of processors; use 2 or 1.5") }
    let thousandths = whole * 1000 + part
    guard (10...1_024_000).contains(thousandths) else {
      throw TextValueError("'\(text)' processors are out of range; use 0.01 to 1024")
    }
    return thousandths
  }

  /// Parses a number of processes, 1 to 4194304 (the kernel's maximum, proc_sys_kernel(5)).
  ///
  /// - Throws: ``/ExecModel/TextValueError`` for any other text.
  public static func processes(text: String) throws(TextValueError) -> UInt32 {
    guard let count = UInt32(text), text.utf8.allSatisfy(isDigit), (1...4_194_304).contains(count) else {
      throw TextValueError("'\(text)' is not a number of processes; use 1 to 4194304")
    }
    return count
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}

extension BoxLimits {
  /// One value for one of the kernel's files.
  struct Entry: Hashable {
    let path: String
    let value: String
    /// Whether the kernel may lack the file: swap accounting is optional.
    var isOptional = false
  }

  private static let period: UInt64 = 100_000

  /// The controllers that these limits require.
  var controllers: Set<CgroupController> {
    var needed: Set<CgroupController> = []
    if memory != nil { needed.insert(.memory) }
    if milliProcessors != nil { needed.insert(.cpu) }
    if processes != nil { needed.insert(.pids) }
    return needed
  }

  /// The values to write, in order.
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

  /// Swap is limited too: memory that may be swapped without bound would not be limited.
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

  /// The quota is in microseconds per period of 100 ms.
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
