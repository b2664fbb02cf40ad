package import ExecEngine
import Glibc

/// What processes and their descendants use, as `/proc` counts it.
///
/// A process that was left by its parent is not found. Memory that processes share counts for each of them.
package enum ProcessTree {
  /// No more are looked at: a command that makes processes without end must not cost without end.
  static let most = 2000

  private static let tick: UInt64 = 1_000_000_000 / UInt64(max(1, sysconf(Int32(_SC_CLK_TCK))))
  private static let page = UInt64(max(1, getpagesize()))

  /// Adds up what these processes and their descendants use; nil when none of them is there.
  package static func usage(of roots: [Int32]) -> ResourceUsage? {
    var waiting = roots
    var seen = Set(roots)
    var sum = (memory: UInt64(0), ticks: UInt64(0), count: 0)
    while let next = waiting.popLast(), sum.count < most {
      let process = ProcessDirectory(processIdentifier: next)
      guard let fields = process.statFields(), fields.count > 21 else { continue }
      sum.count += 1
      sum.memory &+= (UInt64(fields[21]) ?? 0) &* page
      // Its own time and that of the children it has reaped, in user and kernel mode.
      sum.ticks = fields[11...14].reduce(sum.ticks) { $0 &+ (UInt64($1) ?? 0) }
      waiting += children(of: process, threads: Int(fields[17]) ?? 1).filter { seen.insert($0).inserted }
    }
    guard sum.count > 0 else { return nil }
    return ResourceUsage(memory: sum.memory, processorNanoseconds: sum.ticks &* tick, processes: sum.count)
  }

  private static func children(of process: ProcessDirectory, threads: Int) -> [Int32] {
    guard threads > 1 else { return process.children() }
    return process.threads().flatMap { process.children(ofThread: $0) }
  }
}
