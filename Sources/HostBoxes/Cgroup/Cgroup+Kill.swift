import Glibc
import Linux

// Ending everything in a group, and waiting until it is empty.
extension Cgroup {
  private static let rounds = 50
  /// How long a round waits, in milliseconds, for what it froze or killed.
  private static let patience: Int32 = 100
  /// The number of killed processes that are waited for at once, each with a descriptor.
  private static let mostAwaited = 64

  /// Kills every process of the group, including those being forked; returns whether none is left.
  ///
  /// Version 2 has a file for it (`cgroup.kill`, Linux 5.14). Otherwise the group is frozen, killed and thawed until it
  /// is empty: without freezing, a process that forks continuously is always one ahead.
  @discardableResult
  func killAll() -> Bool {
    if let versionTwo, CgroupFile.write("1", to: versionTwo.file("cgroup.kill")) == 0 { return true }
    return killFrozen()
  }

  /// The fallback without `cgroup.kill`.
  func killFrozen() -> Bool {
    for _ in 0..<Self.rounds {
      let isFrozen = freeze()
      let left = processes()
      var killed: [SharedDescriptor] = []
      for process in left {
        if let descriptor = kill(process, isFrozen: isFrozen), killed.count < Self.mostAwaited {
          killed.append(descriptor)
        }
      }
      thaw()
      if left.isEmpty { return true }
      // What is left after that is killed again: it was forked meanwhile, or cannot be interrupted yet.
      _ = withExtendedLifetime(killed) { DescriptorWait.all(readable: killed.map(\.raw), within: Self.patience) }
    }
    return processes().isEmpty
  }

  /// Removes the group once its processes have ended, within so many milliseconds; false if it remains.
  func removeWhenEmpty(within milliseconds: UInt64) -> Bool {
    let due = MonotonicClock.now + milliseconds * 1_000_000
    while !remove() {
      guard MonotonicClock.now < due else { return false }
      waitForEnd()
    }
    return true
  }

  /// Waits for at most 10 ms until a process of the group may have ended.
  ///
  /// Version 2 reports when the last one has left (`cgroup.events`, cgroups(7)). Version 1 reports nothing, so its
  /// processes are waited for. When none is listed, the kernel is still tearing one down, for which it has no event.
  func waitForEnd() {
    if let events = openEvents(), CgroupFile.read(events.raw).contains("populated 1") {
      _ = withExtendedLifetime(events) { DescriptorWait.any(exceptional: [events.raw], within: 10) }
      return
    }
    let descriptors = processes().prefix(Self.mostAwaited).compactMap(Self.descriptor)
    _ = withExtendedLifetime(descriptors) {
      DescriptorWait.any(readable: descriptors.map(\.raw), within: descriptors.isEmpty ? 2 : 10)
    }
  }

  private static func descriptor(of process: Int32) -> SharedDescriptor? {
    guard let handle = try? ProcessHandle(of: process) else { return nil }
    return SharedDescriptor(raw: handle.take())
  }

  /// Kills a process of the group; returns its pidfd, which is readable once it has ended.
  ///
  /// A frozen process cannot end, and keeps its process ID. Otherwise the handle pins the process, and being listed
  /// afterwards proves that the ID was not reused.
  private func kill(_ process: Int32, isFrozen: Bool) -> SharedDescriptor? {
    guard let handle = try? ProcessHandle(of: process), isFrozen || processes().contains(process),
      handle.signal(SIGKILL) == nil
    else { return nil }
    return SharedDescriptor(raw: handle.take())
  }
}

// MARK: - Freezing

extension Cgroup {
  private var versionTwo: Folder? { folders.first { $0.version == .two } }

  /// The file that the kernel changes when the group becomes empty or frozen; only in version 2.
  private func openEvents() -> SharedDescriptor? {
    guard let versionTwo else { return nil }
    let file = open(versionTwo.file("cgroup.events"), O_RDONLY | O_CLOEXEC)
    return file >= 0 ? SharedDescriptor(raw: file) : nil
  }

  /// Freezes the group and waits until the kernel reports that all of it is frozen; false where that is not supported.
  private func freeze() -> Bool {
    let due = MonotonicClock.now + UInt64(Self.patience) * 1_000_000
    if let freezer = folder(.freezer)?.file("freezer.state") {
      guard CgroupFile.write("FROZEN", to: freezer) == 0 else { return false }
      while CgroupFile.read(freezer)?.contains("FROZEN") != true {
        guard MonotonicClock.now < due else { return false }
        // Version 1 has no event for it: the state is computed when it is read.
        _ = DescriptorWait.any(within: 2)
      }
      return true
    }
    guard let versionTwo, CgroupFile.write("1", to: versionTwo.file("cgroup.freeze")) == 0, let events = openEvents()
    else { return false }
    defer { withExtendedLifetime(events) {} }
    while !CgroupFile.read(events.raw).contains("frozen 1") {
      guard MonotonicClock.now < due, DescriptorWait.any(exceptional: [events.raw], within: Self.patience) else {
        return false
      }
    }
    return true
  }

  private func thaw() {
    if let freezer = folder(.freezer) {
      _ = CgroupFile.write("THAWED", to: freezer.file("freezer.state"))
    } else if let versionTwo {
      _ = CgroupFile.write("0", to: versionTwo.file("cgroup.freeze"))
    }
  }
}
