import Glibc

/// Why no cgroup was made, in one clause.
struct CgroupRefusal: Error, Hashable {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}

/// Makes cgroups and sets their limits.
struct CgroupMaker {
  let table: CgroupTable

  /// Processes in every sandbox that are not the command's: two of bubblewrap, the helper that starts a command, and
  /// the keeper of a kept sandbox.
  static let ownProcesses: UInt32 = 4

  /// Makes a group in every hierarchy where that is possible.
  ///
  /// - Returns: A group without folders where there are no hierarchies, or none may be changed.
  /// - Throws: ``CgroupRefusal`` when a limit cannot be set; no folder is left then.
  func make(_ name: String, _ limits: BoxLimits) throws(CgroupRefusal) -> Cgroup {
    var folders: [Cgroup.Folder] = []
    do {
      for hierarchy in table.hierarchies where hierarchy.version == .one {
        if let folder = try inOne(hierarchy, name, needing: limits.controllers) { folders.append(folder) }
      }
      let missing = limits.controllers.filter { wanted in !folders.contains { $0.controllers.contains(wanted) } }
      if let folder = try inTwo(name, needing: missing) { folders.append(folder) }
      try Self.bound(Cgroup(folders: folders), limits)
    } catch {
      _ = Cgroup(folders: folders).remove()
      throw error
    }
    return Cgroup(folders: folders)
  }

  private func inOne(
    _ hierarchy: CgroupHierarchy, _ name: String, needing needed: Set<CgroupController>
  ) throws(CgroupRefusal) -> Cgroup.Folder? {
    let path = hierarchy.own + "/" + name
    let error = Self.makeFolder(path)
    guard error != 0 else {
      return Cgroup.Folder(
        path: path, version: .one, controllers: CgroupController.allCases.filter(hierarchy.controllers.contains))
    }
    guard hierarchy.controllers.isDisjoint(with: needed) else { throw Self.refusal(path, error) }
    return nil
  }

  private func inTwo(_ name: String, needing needed: Set<CgroupController>) throws(CgroupRefusal) -> Cgroup.Folder? {
    var reason = CgroupRefusal("this machine has no control groups for \(Self.names(needed))")
    for parent in table.hierarchies.first(where: { $0.version == .two })?.parents ?? [] {
      do throws(CgroupRefusal) {
        try Self.enable(needed, in: parent)
        return try Self.folder(parent + "/" + name)
      } catch {
        reason = error
      }
    }
    guard needed.isEmpty else { throw reason }
    return nil
  }

  /// Enables controllers for the child groups of a folder: the required ones, and the accounting ones if permitted.
  private static func enable(_ needed: Set<CgroupController>, in parent: String) throws(CgroupRefusal) {
    let available = controllers(parent + "/cgroup.controllers")
    let absent = needed.subtracting(available)
    guard absent.isEmpty else {
      throw CgroupRefusal("the control groups in '\(parent)' do not have the controller \(names(absent))")
    }
    let enabled = controllers(parent + "/cgroup.subtree_control")
    for controller in CgroupController.allCases where available.contains(controller) && !enabled.contains(controller) {
      let error = CgroupFile.write("+" + controller.rawValue, to: parent + "/cgroup.subtree_control")
      if error != 0, needed.contains(controller) { throw refusal(parent, error) }
    }
  }

  /// Makes a group without limits; returns 0 or an error number.
  ///
  /// An empty group with that name was left by a killed program and still has its limits, so it is removed first.
  private static func makeFolder(_ path: String) -> Int32 {
    guard mkdir(path, 0o755) != 0 else { return 0 }
    let error = errno
    guard error == EEXIST, rmdir(path) == 0 else { return error }
    return mkdir(path, 0o755) == 0 ? 0 : errno
  }

  private static func folder(_ path: String) throws(CgroupRefusal) -> Cgroup.Folder {
    let error = makeFolder(path)
    guard error == 0 else { throw refusal(path, error) }
    // In a delegated subtree, joining may still be refused by an ancestor's permissions.
    guard access(path + "/cgroup.procs", W_OK) == 0 else {
      let error = errno
      rmdir(path)
      throw refusal(path, error)
    }
    let has = controllers(path + "/cgroup.controllers")
    return Cgroup.Folder(path: path, version: .two, controllers: CgroupController.allCases.filter(has.contains))
  }

  /// The controllers listed in a file of version 2.
  static func controllers(_ path: String) -> Set<CgroupController> {
    Set(CgroupFile.words(path).compactMap { CgroupController(rawValue: String($0)) })
  }

  private static func bound(_ group: Cgroup, _ limits: BoxLimits) throws(CgroupRefusal) {
    for entry in limits.entries(in: group) {
      let error = CgroupFile.write(entry.value, to: entry.path)
      guard error == 0 || entry.isOptional else {
        throw CgroupRefusal("'\(entry.value)' cannot be written to '\(entry.path)': \(CgroupFile.words(of: error))")
      }
    }
  }

  private static func refusal(_ path: String, _ error: Int32) -> CgroupRefusal {
    switch error {
    case EACCES, EPERM, EROFS: CgroupRefusal("this user cannot create control groups ('\(path)')")
    case EBUSY:
      CgroupRefusal("the group '\(path)' has processes of its own, so the kernel allows no limits on groups in it")
    case EEXIST: CgroupRefusal("the control group '\(path)' already exists, with processes in it")
    default: CgroupRefusal("the control group '\(path)' cannot be created: \(CgroupFile.words(of: error))")
    }
  }

  private static func names(_ controllers: Set<CgroupController>) -> String {
    controllers.map(\.rawValue).sorted().joined(separator: ", ")
  }
}
