import CExecShims
import Glibc

/// Ends a kept box: its first process, which takes its whole namespace along, and whatever its control group still has.
struct KeptEnding {
  private let record: KeptRecord

  private static let rounds = 500
  /// How long the group may stay when the box is gone: until the watchers of its commands have reaped them.
  private static let roundsForGroup = 100

  init(_ record: KeptRecord) { self.record = record }

  /// Whether the box is gone; waits at most 5 seconds for it.
  func run() -> Bool {
    let isOfThisBoot = record.boot == BootIdentifier.current
    if isOfThisBoot {
      Self.kill(record.first)
      Self.kill(record.monitor)
    }
    // Groups do not outlive the machine's start, and the paths may be another box's by now.
    guard isOfThisBoot else { return true }
    record.group.killAll()
    for round in 0..<Self.rounds {
      reapMonitor()
      if !record.first.isAlive, !record.monitor.isAlive {
        if record.group.remove() { return true }
        guard round < Self.roundsForGroup else {
          CgroupRemoval.shared.add(record.group)
          return true
        }
      }
      poll(nil, 0, 10)
    }
    return false
  }

  /// Our own child when this process made the box; another child of ours may have its number by now, and is not reaped.
  private func reapMonitor() {
    let number = record.monitor.processIdentifier
    guard ProcessDirectory(processIdentifier: number).startTime() == record.monitor.startTime else { return }
    waitpid(number, nil, WNOHANG)
  }

  /// A pidfd pins the process; its start time then proves that it is the one that is meant.
  private static func kill(_ process: ProcessIdentity) {
    let descriptor = cexec_pidfd_open(process.processIdentifier)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    guard process.isAlive else { return }
    _ = cexec_pidfd_signal(descriptor, SIGKILL)
  }
}
