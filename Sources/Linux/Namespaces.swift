import Glibc
package import SystemPackage

/// Kinds of namespaces, as flags of clone(2) and setns(2).
package struct Namespaces: OptionSet, Hashable, Sendable {
  package let rawValue: Int32

  /// Makes a set of flags.
  package init(rawValue: Int32) { self.rawValue = rawValue }

  /// `CLONE_NEWNS`.
  package static let mounts = Namespaces(rawValue: 0x2_0000)
  /// `CLONE_NEWCGROUP`.
  package static let cgroups = Namespaces(rawValue: 0x200_0000)
  /// `CLONE_NEWUTS`.
  package static let hostNames = Namespaces(rawValue: 0x400_0000)
  /// `CLONE_NEWIPC`.
  package static let messages = Namespaces(rawValue: 0x800_0000)
  /// `CLONE_NEWUSER`.
  package static let users = Namespaces(rawValue: 0x1000_0000)
  /// `CLONE_NEWPID`.
  package static let processes = Namespaces(rawValue: 0x2000_0000)
  /// `CLONE_NEWNET`.
  package static let networks = Namespaces(rawValue: 0x4000_0000)

  private static let names: [(name: String, kind: Namespaces)] = [
    ("user", .users), ("mnt", .mounts), ("pid", .processes), ("net", .networks), ("ipc", .messages),
    ("uts", .hostNames), ("cgroup", .cgroups),
  ]

  /// Those in which a process differs from this one (namespaces(7)).
  ///
  /// - Throws: `EACCES` for a process that may not be examined, `ENOENT` when there is none.
  package static func differing(in processIdentifier: Int32) throws(Errno) -> Namespaces {
    var differing: Namespaces = []
    for (name, kind) in names {
      var (own, other) = (stat(), stat())
      // The kernel has no such kind.
      guard stat("/proc/self/ns/\(name)", &own) == 0 else { continue }
      guard stat("/proc/\(processIdentifier)/ns/\(name)", &other) == 0 else { throw Errno(rawValue: errno) }
      if own.st_ino != other.st_ino || own.st_dev != other.st_dev { differing.insert(kind) }
    }
    return differing
  }
}
