import Boxes
import BoxwatchUI
import CExecShims
import Glibc

/// The process of another boxwatch's execution, which its record names by number: a stranger may have the number by now,
/// or the number may be one of another host.
struct LateProcess {
  /// Its number.
  let processIdentifier: Int32

  /// What a start takes at the most, in nanoseconds.
  private static let patience: UInt64 = 10_000_000_000

  /// Nil when the process with the number did not begin when the execution did.
  init?(_ target: UsageTarget) {
    guard let number = target.processIdentifier, number > 1,
      let start = ProcessDirectory(processIdentifier: number).startTime()
    else { return nil }
    let begun = start &* (1_000_000_000 / UInt64(max(1, sysconf(Int32(_SC_CLK_TCK)))))
    let age = Self.now - min(Self.now, begun)
    let wanted = MonotonicClock.now - min(MonotonicClock.now, target.created)
    guard max(age, wanted) - min(age, wanted) < Self.patience else { return nil }
    processIdentifier = number
  }

  /// Since the machine began, as the kernel counts a process's start.
  private static var now: UInt64 { cexec_clock(CLOCK_BOOTTIME) }
}
