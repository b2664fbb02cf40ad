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
    if let two, CgroupFile.write("1", to: two.file("cgroup.kill")) == 0 {
      return true
    }
    return killStopped()
  }

  /// The way without `cgroup.kill`.
  func killStopped() -> Bool {
    for _ in 0..<Self.rounds {
      let isStopped = stop()
      let left = processes()
      for process in left { kill(process, isStopped: isStopped) }
      letGo()
      if left.isEmpty { return true }
      // The killed ones need a moment to go, and are killed once more if it was too short.
      poll(nil, 0, 2)
    }
    return processes().isEmpty
  }

  private var two: Folder? { folders.first { $0.version == .two } }

  /// Stops the group, and waits until the kernel says that all of it stands; false where there is no such thing.
  private func stop() -> Bool {
    guard let (file, frozen) = freezing(true) else { return false }
    for _ in 0..<Self.rounds {
      if CgroupFile.read(file)?.contains(frozen) == true { return true }
      poll(nil, 0, 2)
    }
    return false
  }

  private func letGo() { _ = freezing(false) }

  /// Asks for it: the file that says whether it is done, and its word for that.
  private func freezing(_ isFrozen: Bool) -> (file: String, frozen: String)? {
    if let folder = folder(.freezer) {
      let state = folder.file("freezer.state")
      return CgroupFile.write(isFrozen ? "FROZEN" : "THAWED", to: state) == 0 ? (state, "FROZEN") : nil
    }
    guard let two, CgroupFile.write(isFrozen ? "1" : "0", to: two.file("cgroup.freeze")) == 0 else { return nil }
    return (two.file("cgroup.events"), "frozen 1")
  }

  /// Kills a process of the group.
  ///
  /// What is stopped cannot end, and keeps its number. Otherwise a pidfd pins the process, and being listed still proves
  /// that the number was not given to a stranger.
  private func kill(_ process: Int32, isStopped: Bool) {
    let descriptor = cexec_pidfd_open(process)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    guard isStopped || processes().contains(process) else { return }
    _ = cexec_pidfd_signal(descriptor, SIGKILL)
  }
}
