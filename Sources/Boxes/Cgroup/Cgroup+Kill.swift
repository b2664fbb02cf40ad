import CExecShims
import Glibc

extension Cgroup {
  private static let rounds = 50

  /// Kills every process of the group, also those that are being made meanwhile; whether none is left.
  ///
  /// Version 2 has a file for it (`cgroup.kill`, Linux 5.14). Otherwise the group is stopped, killed and let go, until it
  /// is empty: without the stop, a process that forks without end is always one ahead.
  @discardableResult
  func killAll() -> Bool {
    if let two = folders.first(where: { $0.version == .two }), CgroupFile.write("1", to: two.file("cgroup.kill")) == 0 {
      return true
    }
    return killStopped()
  }

  /// The way without `cgroup.kill`.
  func killStopped() -> Bool {
    for _ in 0..<Self.rounds {
      freeze(true)
      let left = processes()
      for process in left { killMember(process) }
      freeze(false)
      if left.isEmpty { return true }
      // The killed ones need a moment to go, and are killed once more if it was too short.
      poll(nil, 0, 2)
    }
    return processes().isEmpty
  }

  private func freeze(_ isFrozen: Bool) {
    if let folder = folder(.freezer) {
      _ = CgroupFile.write(isFrozen ? "FROZEN" : "THAWED", to: folder.file("freezer.state"))
    } else if let two = folders.first(where: { $0.version == .two }) {
      _ = CgroupFile.write(isFrozen ? "1" : "0", to: two.file("cgroup.freeze"))
    }
  }

  /// A pidfd pins the process; being listed still proves that the number was not given to a stranger.
  private func killMember(_ process: Int32) {
    let descriptor = cexec_pidfd_open(process)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    guard processes().contains(process) else { return }
    _ = cexec_pidfd_signal(descriptor, SIGKILL)
  }
}
