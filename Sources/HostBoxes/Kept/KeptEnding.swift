import Glibc
import Linux
import SystemPackage

/// Ends a kept box: kills its first process, and with it its whole namespace, and the processes left in its cgroup.
struct KeptEnding {
  private let record: KeptRecord

  /// How long the processes are waited for, in milliseconds.
  private static let patience: UInt64 = 5000
  /// How long the group may remain, in milliseconds, until the watchers of the box's commands have reaped them.
  private static let patienceForGroup: UInt64 = 1000

  init(_ record: KeptRecord) { self.record = record }

  /// Whether the box has ended; waits for it for at most 5 seconds.
  func run() -> Bool {
    // Cgroups do not survive a reboot, and the paths may belong to another box by now.
    guard record.boot == BootIdentifier.currentText else { return true }
    let processes = [record.first, record.monitor].map { ($0, Self.kill($0)) }
    record.group.killAll()
    guard haveEnded(processes) else { return false }
    if !record.group.removeWhenEmpty(within: Self.patienceForGroup) { CgroupRemoval.shared.add(record.group) }
    return true
  }

  /// Waits for the ends of processes, each with its descriptor if there is one.
  private func haveEnded(_ processes: [(identity: ProcessIdentity, descriptor: SharedDescriptor?)]) -> Bool {
    let due = MonotonicClock.now + Self.patience * 1_000_000
    while true {
      let isReaped = reapMonitor()
      let alive = processes.filter { $0.identity.isAlive || !isReaped && $0.identity == record.monitor }
      if alive.isEmpty { return true }
      guard MonotonicClock.now < due else { return false }
      // A descriptor is readable once its process is a zombie. The first process of a namespace exits until all others
      // are reaped, which counts as an end here, and for the begin of an exit the kernel has no event.
      _ = withExtendedLifetime(alive) {
        DescriptorWait.any(readable: alive.compactMap(\.descriptor?.raw), within: 10)
      }
    }
  }

  /// Whether the monitor is not, or no longer, a child of this process, which has to reap it if it made the box.
  ///
  /// Another child that reuses the ID is not reaped.
  private func reapMonitor() -> Bool {
    let number = record.monitor.processIdentifier
    guard ProcessDirectory(processIdentifier: number).startTime() == record.monitor.startTime else { return true }
    // 0 while it is still exiting: left then, it would stay a zombie.
    return waitpid(number, nil, WNOHANG) != 0
  }

  /// Kills a process, and returns its pidfd; nil when it has ended, or when no descriptor can be had.
  ///
  /// The handle pins the process; its start time then proves that it is the recorded one. Without a handle the process
  /// is killed by its ID, right after its start time was compared.
  private static func kill(_ process: ProcessIdentity) -> SharedDescriptor? {
    do throws(Errno) {
      let handle = try ProcessHandle(of: process.processIdentifier)
      guard process.isAlive else { return nil }
      handle.signal(SIGKILL)
      return SharedDescriptor(raw: handle.take())
    } catch {
      if error != .noSuchProcess, process.isAlive { Glibc.kill(process.processIdentifier, SIGKILL) }
      return nil
    }
  }
}
