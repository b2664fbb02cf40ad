package import ExecEngine

/// The control groups of somebody else's box, found by one of its processes.
package struct FoundGroup: Sendable {
  private let group: Cgroup

  /// Finds the groups of a process; nil when it is not there, or stands in none of its own.
  package init?(ofProcess processIdentifier: Int32) {
    guard let group = Cgroup(ofProcess: processIdentifier), !group.folders.isEmpty else { return nil }
    self.group = group
  }

  /// What everything in the groups uses; nil when they are gone.
  package func usage() -> ResourceUsage? {
    let usage = group.usage()
    return usage == ResourceUsage() ? nil : usage
  }

  /// The processes in the groups, those of groups below them left out.
  package func processes() -> [Int32] { group.processes() }
}
