import Boxes
import CExecShims
import ExecModel
import Glibc
import Journal

/// A command that goes on after its boxwatch died: its process, found again by number, start time and start of the machine.
struct SurvivingProcess: Hashable, Sendable {
  /// Its number.
  var processIdentifier: Int32 { record.processIdentifier }

  private let record: RecordedProcess

  /// Nanoseconds of a clock tick, in which the kernel counts a process's start (proc_pid_stat(5)).
  private static let tick: UInt64 = 1_000_000_000 / UInt64(max(1, sysconf(Int32(_SC_CLK_TCK))))

  /// Nil when the journal names no process, and when that is over, whoever has its number now.
  init?(of journal: JournalReader) {
    guard let record = journal.process() else { return nil }
    self.record = record
    guard isRunning else { return nil }
  }

  /// Whether it is there, and no stranger.
  private var isRunning: Bool {
    switch ProcessSight(of: processIdentifier) {
    case .ended, .gone: return false
    case .running, .waiting, .blockedInWrite, .stopped: break
    }
    guard let ticks = ProcessDirectory(processIdentifier: processIdentifier).startTime() else { return false }
    let (start, overflow) = ticks.multipliedReportingOverflow(by: Self.tick)
    // The kernel rounds down to a tick.
    return !overflow && start <= record.began.upperBound && start &+ Self.tick > record.began.lowerBound
  }

  /// Sends a signal to its process group.
  ///
  /// - Throws: ``Failure`` when it is over, or the kernel refuses.
  func signal(_ signal: Signal) throws {
    // Before the look: while the descriptor is open and the process is not over, the number stays its own.
    let descriptor = cexec_pidfd_open(processIdentifier)
    guard descriptor >= 0 else { throw over }
    defer { close(descriptor) }
    guard isRunning else { throw over }
    guard ProcessDirectory(processIdentifier: processIdentifier).family()?.group == processIdentifier else {
      return try check(cexec_pidfd_signal(descriptor, signal.number))
    }
    try check(Glibc.kill(-processIdentifier, signal.number) == 0 ? 0 : errno)
  }

  private func check(_ number: Int32) throws {
    if number == ESRCH { throw over }
    guard number == 0 else {
      throw Failure("process \(processIdentifier) cannot be signalled: \(String(cString: strerror(number)))")
    }
  }

  private var over: Failure { Failure("process \(processIdentifier) is over") }
}
