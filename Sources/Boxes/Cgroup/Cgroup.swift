import CExecShims
import ExecEngine
import ExecModel
import Glibc
import SystemPackage

/// The small files through which the kernel is asked and told.
enum CgroupFile {
  /// Writes a value in one call, as the kernel wants it; 0 or an error number.
  static func write(_ text: String, to path: String) -> Int32 {
    let file = open(path, O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return errno }
    defer { close(file) }
    var text = text
    return text.withUTF8 { Glibc.write(file, $0.baseAddress, $0.count) < 0 ? errno : 0 }
  }

  /// The file's text, at most 64 KiB or `limit` and a part of a page; nil when it cannot be read.
  static func read(_ path: String, atMost limit: Int = 64 << 10) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while bytes.count < limit {
      let count = Glibc.read(file, &chunk, chunk.count)
      guard count > 0 else { break }
      bytes += chunk[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The file's words.
  static func words(_ path: String) -> [Substring] {
    (read(path) ?? "").split(whereSeparator: { $0 == " " || $0 == "\n" })
  }

  /// The file's only number.
  static func number(_ path: String) -> UInt64? { words(path).first.flatMap { UInt64($0) } }

  /// An error number's words.
  static func words(of error: Int32) -> String { Errno(rawValue: error).description }
}

/// A group of processes that the kernel counts, bounds and kills together: one folder in each tree that is used.
struct Cgroup: Hashable, Sendable, Codable {
  /// The group in one tree.
  struct Folder: Hashable, Sendable, Codable {
    let path: String
    let version: CgroupHierarchy.Version
    /// What this folder counts or bounds.
    let controllers: [CgroupController]

    /// A file of the folder.
    func file(_ name: String) -> String { path + "/" + name }
  }

  let folders: [Folder]

  /// The folder that has a controller.
  func folder(_ controller: CgroupController) -> Folder? { folders.first { $0.controllers.contains(controller) } }

  /// Opens what a process writes 0 to in order to join; the descriptors are the caller's.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` that names the folder, after `consequence`; nothing stays open then.
  func openForJoining(orElse consequence: String = "") throws(BoxError) -> [OwnedFile] {
    var files: [OwnedFile] = []
    for folder in folders {
      let file = open(folder.file("cgroup.procs"), O_WRONLY | O_CLOEXEC)
      guard file >= 0 else {
        let reason = CgroupFile.words(of: errno)
        throw BoxError(.box, consequence + "the group '\(folder.path)' cannot be joined: \(reason)")
      }
      files.append(OwnedFile(file))
    }
    return files
  }

  /// The numbers of the processes in the group, those of groups below it left out.
  func processes() -> [Int32] {
    guard let folder = folders.first(where: { $0.version == .two }) ?? folders.first else { return [] }
    return CgroupFile.words(folder.file("cgroup.procs")).compactMap { Int32($0) }
  }

  /// Removes the folders; whether none is left.
  ///
  /// One with a living process stays (`EBUSY`).
  func remove() -> Bool {
    folders.map { rmdir($0.path) == 0 || errno == ENOENT }.allSatisfy { $0 }
  }
}

extension Cgroup {
  /// The groups that a process of this machine stands in, in every tree; those that hold the whole machine left out.
  init?(ofProcess processIdentifier: Int32) {
    guard let membership = ProcessDirectory(processIdentifier: processIdentifier).groups() else { return nil }
    self.init(mounts: Self.mounts, membership: membership)
  }

  /// The mounted trees of this machine, looked for once: a command's end asks for its groups.
  private static let mounts: String = {
    let lines = (CgroupFile.read("/proc/self/mountinfo") ?? "").split(separator: "\n")
    return lines.filter { $0.contains(" - cgroup") }.joined(separator: "\n")
  }()

  /// The groups that `mounts` (`mountinfo`) and `membership` (`/proc/PID/cgroup`) lead to.
  init(mounts: String, membership: String) {
    let trees = CgroupTable(mounts: mounts, membership: membership).hierarchies.filter { $0.own != $0.mount }
    folders = trees.map { tree in
      let has = tree.version == .two ? CgroupMaker.controllers(tree.own + "/cgroup.controllers") : tree.controllers
      return Folder(
        path: tree.own, version: tree.version, controllers: CgroupController.allCases.filter(has.contains))
    }
  }
}

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
