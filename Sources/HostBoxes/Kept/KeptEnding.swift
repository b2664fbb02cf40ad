import Glibc
import Linux

/// Ends a kept box: kills its first process, and with it its whole namespace, and the processes left in its cgroup.
struct KeptEnding {
  private let record: KeptRecord

  private static let rounds = 500
  /// How long the group may remain after the box has ended, until the watchers of its commands have reaped them.
  private static let roundsForGroup = 100

  init(_ record: KeptRecord) { self.record = record }

  /// Whether the box has ended; waits for it for at most 5 seconds.
  func run() -> Bool {
    let isOfThisBoot = record.boot == BootIdentifier.currentText
    if isOfThisBoot {
      Self.kill(record.first)
      Self.kill(record.monitor)
    }
    // Cgroups do not survive a reboot, and the paths may belong to another box by now.
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

  /// The monitor is a child of this process if it made the box; another child that reuses the ID is not reaped.
  private func reapMonitor() {
    let number = record.monitor.processIdentifier
    guard ProcessDirectory(processIdentifier: number).startTime() == record.monitor.startTime else { return }
    waitpid(number, nil, WNOHANG)
  }

  /// The handle pins the process; its start time then proves that it is the recorded one.
  private static func kill(_ process: ProcessIdentity) {
    guard let handle = try? ProcessHandle(of: process.processIdentifier), process.isAlive else { return }
    handle.signal(SIGKILL)
  }
}
