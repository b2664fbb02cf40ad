/// One tree of control groups, and where this process stands in it.
struct CgroupHierarchy: Hashable, Sendable {
  /// The version of its files.
  enum Version: Int, Hashable, Sendable, Codable {
    case one = 1
    case two = 2
  }

  let version: Version
  /// Where it is mounted.
  let mount: String
  /// The folder of this process's own group.
  let own: String
  /// What it is for; version 2 says it in each group.
  let controllers: Set<CgroupController>

  /// The folders in which a group could be made, the nearest first.
  ///
  /// In version 1 that is the own group, so that its bounds hold for the new one too. In version 2 a group that has
  /// processes cannot have groups with controllers ("no internal processes", cgroups(7)), but one further up may.
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
