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
