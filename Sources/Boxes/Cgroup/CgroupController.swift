/// What control groups count or bound, by the kernel's names (cgroups(7)).
enum CgroupController: String, CaseIterable, Hashable, Sendable, Codable {
  case cpu
  /// Counts processor time; version 2 does so in every group.
  case cpuacct
  case memory
  case pids
  /// Stops whole groups; version 2 does so in every group.
  case freezer
}
