import ExecEngine
import ExecModel
import Glibc
import Linux
import SystemPackage

/// Reads and writes the kernel's control files.
enum CgroupFile {
  /// Writes a value in one call, as the kernel requires; returns 0 or an error number.
  static func write(_ text: String, to path: String) -> Int32 {
    let file = open(path, O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return errno }
    defer { close(file) }
    var text = text
    return text.withUTF8 { Glibc.write(file, $0.baseAddress, $0.count) < 0 ? errno : 0 }
  }

  /// The file's text, at most 64 KiB or `limit`, rounded up to a page; nil when it cannot be read.
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

  /// The text of an open file from its beginning, at most 4 KiB.
  static func read(_ file: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 4096)
    return String(decoding: bytes.prefix(max(0, pread(file, &bytes, bytes.count, 0))), as: UTF8.self)
  }

  static func words(_ path: String) -> [Substring] {
    (read(path) ?? "").split(whereSeparator: { $0 == " " || $0 == "\n" })
  }

  static func number(_ path: String) -> UInt64? { words(path).first.flatMap { UInt64($0) } }

  /// The description of an error number.
  static func words(of error: Int32) -> String { Errno(rawValue: error).description }
}

/// A cgroup: processes that the kernel accounts, limits and kills together, with one folder in each hierarchy used.
struct Cgroup: Hashable, Sendable {
  /// The group's folder in one hierarchy.
  struct Folder: Hashable, Sendable {
    let path: String
    let version: CgroupHierarchy.Version
    /// The controllers of this folder.
    let controllers: [CgroupController]

    /// The path of a file in the folder.
    func file(_ name: String) -> String { path + "/" + name }
  }

  let folders: [Folder]

  /// The folder that has a controller.
  func folder(_ controller: CgroupController) -> Folder? { folders.first { $0.controllers.contains(controller) } }

  /// Opens the files to which a process writes 0 in order to join.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` that names the folder, after `consequence`; nothing stays open then.
  func openForJoining(orElse consequence: String = "") throws(BoxError) -> [SharedDescriptor] {
    var files: [SharedDescriptor] = []
    for folder in folders {
      let file = open(folder.file("cgroup.procs"), O_WRONLY | O_CLOEXEC)
      guard file >= 0 else {
        let reason = CgroupFile.words(of: errno)
        throw BoxError(.box, consequence + "the control group '\(folder.path)' cannot be joined: \(reason)")
      }
      files.append(SharedDescriptor(raw: file))
    }
    return files
  }

  /// The process IDs in the group, without those of child groups.
  func processes() -> [Int32] {
    guard let folder = folders.first(where: { $0.version == .two }) ?? folders.first else { return [] }
    return CgroupFile.words(folder.file("cgroup.procs")).compactMap { Int32($0) }
  }

  /// Removes the folders; returns whether none is left.
  ///
  /// A folder with a living process stays (`EBUSY`).
  func remove() -> Bool {
    folders.map { rmdir($0.path) == 0 || errno == ENOENT }.allSatisfy { $0 }
  }
}

extension Cgroup {
  /// The groups of a process in every hierarchy, except those that hold the whole machine.
  init?(ofProcess processIdentifier: Int32) {
    guard let membership = ProcessDirectory(processIdentifier: processIdentifier).groups() else { return nil }
    self.init(mounts: Self.mounts, membership: membership)
  }

  /// The mounted hierarchies of this machine, read once because each command's end looks up its groups.
  private static let mounts: String = {
    let lines = (CgroupFile.read("/proc/self/mountinfo") ?? "").split(separator: "\n")
    return lines.filter { $0.contains(" - cgroup") }.joined(separator: "\n")
  }()

  /// The groups derived from `mounts` (`mountinfo`) and `membership` (`/proc/PID/cgroup`).
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
  /// The group's usage, as far as one of its folders accounts it.
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
