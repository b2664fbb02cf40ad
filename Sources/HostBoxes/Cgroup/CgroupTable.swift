package import ExecEngine

/// The cgroup controllers used here, by the kernel's names (cgroups(7)).
enum CgroupController: String, CaseIterable, Hashable, Sendable {
  case cpu
  /// Accounts processor time; in version 2 every group does.
  case cpuacct
  case memory
  case pids
  /// Freezes groups; in version 2 every group can be frozen.
  case freezer
}

/// One cgroup hierarchy, and the position of this process in it.
struct CgroupHierarchy: Hashable, Sendable {
  /// The cgroup version.
  enum Version: Int, Hashable, Sendable {
    case one = 1
    case two = 2
  }

  let version: Version
  /// Its mount point.
  let mount: String
  /// The folder of this process's group.
  let own: String
  /// Its controllers; in version 2 they are listed in each group.
  let controllers: Set<CgroupController>

  /// The folders in which a group could be made, the nearest first.
  ///
  /// In version 1 that is the process's own group, so that its limits apply to the new one too. In version 2 a group
  /// that has processes cannot have child groups with controllers ("no internal processes", cgroups(7)), but an
  /// ancestor may.
  var parents: [String] {
    guard version == .two else { return [own] }
    var folders: [String] = []
    var folder = own[...]
    while folder.count >= mount.count {
      folders.append(String(folder))
      guard let slash = folder.lastIndex(of: "/") else { break }
      folder = folder[..<slash]
    }
    return folders
  }
}

/// The cgroup hierarchies available to a process: version 2, version 1, or both.
struct CgroupTable: Hashable, Sendable {
  let hierarchies: [CgroupHierarchy]

  /// The hierarchies of this process.
  static func ofThisProcess() -> CgroupTable {
    CgroupTable(
      mounts: CgroupFile.read("/proc/self/mountinfo") ?? "", membership: CgroupFile.read("/proc/self/cgroup") ?? "")
  }

  /// The mount points in this process's namespace, sorted by depth, so that an outer one precedes an inner one.
  ///
  /// The kernel lists them in the order in which they were mounted or moved.
  static func mountPoints() -> [String] {
    let lines = (CgroupFile.read("/proc/self/mountinfo", atMost: 4 << 20) ?? "").split(separator: "\n")
    let points = lines.compactMap { line in
      let fields = line.split(separator: " ", maxSplits: 5)
      return fields.count > 5 ? unescaped(fields[4]) : nil
    }
    return points.map { (point: $0, depth: $0.split(separator: "/").count) }.sorted { $0.depth < $1.depth }.map(\.point)
  }

  /// Parses `/proc/self/mountinfo` (proc_pid_mountinfo(5)) and `/proc/self/cgroup` (cgroups(7)).
  init(mounts: String, membership: String) {
    let groups = membership.split(separator: "\n").compactMap(Self.membership)
    hierarchies = mounts.split(separator: "\n").compactMap { Self.hierarchy($0, groups) }
  }

  private typealias Membership = (controllers: [Substring], path: String)

  /// `4:memory:/path`, in version 2 `0::/path`.
  private static func membership(_ line: Substring) -> Membership? {
    let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3 else { return nil }
    return (parts[1].split(separator: ","), String(parts[2]))
  }

  private static func hierarchy(_ line: Substring, _ groups: [Membership]) -> CgroupHierarchy? {
    let fields = line.split(separator: " ")
    guard let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count > dash + 3 else { return nil }
    let (root, mount) = (unescaped(fields[3]), unescaped(fields[4]))
    switch fields[dash + 1] {
    case "cgroup2":
      guard let group = groups.first(where: { $0.controllers.isEmpty }),
        let own = folder(of: group.path, root: root, mount: mount)
      else { return nil }
      return CgroupHierarchy(version: .two, mount: mount, own: own, controllers: [])
    case "cgroup":
      let options = fields[dash + 3].split(separator: ",")
      let controllers = Set(options.compactMap { CgroupController(rawValue: String($0)) })
      guard let group = groups.first(where: { $0.controllers.contains { options.contains($0) } }),
        !controllers.isEmpty, let own = folder(of: group.path, root: root, mount: mount)
      else { return nil }
      return CgroupHierarchy(version: .one, mount: mount, own: own, controllers: controllers)
    default: return nil
    }
  }

  /// The path of a group's folder when `root` of the hierarchy is mounted; nil when it is outside of that.
  private static func folder(of path: String, root: String, mount: String) -> String? {
    let rest = root == "/" ? path[...] : path == root || path.hasPrefix(root + "/") ? path.dropFirst(root.count) : nil
    guard let rest, !rest.split(separator: "/").contains("..") else { return nil }
    return rest.isEmpty || rest == "/" ? mount : mount + rest
  }

  /// Spaces and similar characters are escaped as `\040`.
  private static func unescaped(_ text: Substring) -> String {
    guard text.utf8.contains(UInt8(ascii: "\\")) else { return String(text) }
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      let digits = String(decoding: rest.prefix(3), as: UTF8.self)
      if byte == UInt8(ascii: "\\"), digits.utf8.count == 3, let value = UInt8(digits, radix: 8) {
        bytes.append(value)
        rest = rest.dropFirst(3)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// The cgroups of another program's box, found by one of its processes.
package struct FoundGroup: Sendable {
  private let group: Cgroup

  /// Finds the groups of a process; nil when it does not exist, or is only in root groups.
  package init?(ofProcess processIdentifier: Int32) {
    guard let group = Cgroup(ofProcess: processIdentifier), !group.folders.isEmpty else { return nil }
    self.group = group
  }

  /// The usage of everything in the groups; nil when they are gone.
  package func usage() -> ResourceUsage? {
    let usage = group.usage()
    return usage == ResourceUsage() ? nil : usage
  }

  /// The processes in the groups, without those of child groups.
  package func processes() -> [Int32] { group.processes() }
}
