import ExecEngine

extension Cgroup {
  /// What the group uses, as far as one of its folders counts it.
  func usage() -> ResourceUsage {
    ResourceUsage(memory: memory, processorNanoseconds: processorNanoseconds, processes: processCount)
  }

  private var memory: UInt64? {
    first { $0.version == .two ? CgroupFile.number($0.file("memory.current")) : nil }
      ?? folder(.memory).flatMap { CgroupFile.number($0.file("memory.usage_in_bytes")) }
  }

  private var processorNanoseconds: UInt64? {
    folder(.cpuacct).flatMap { CgroupFile.number($0.file("cpuacct.usage")) }
      ?? first { $0.version == .two ? Self.processorTime($0.file("cpu.stat")) : nil }
  }

  private var processCount: Int? { first { CgroupFile.number($0.file("pids.current")) }.map { Int(clamping: $0) } }

  private func first(_ read: (Folder) -> UInt64?) -> UInt64? { folders.lazy.compactMap(read).first }

  /// `usage_usec` of a `cpu.stat`.
  private static func processorTime(_ path: String) -> UInt64? {
    let words = CgroupFile.words(path)
    guard let index = words.firstIndex(of: "usage_usec"), index + 1 < words.count else { return nil }
    return UInt64(words[index + 1]).map { $0.multipliedReportingOverflow(by: 1000).partialValue }
  }
}
