import CExecShims

/// Where a command is put before it is executed; the descriptors are the caller's, and open until it was started.
struct SpawnEntry: Sendable {
  /// The pidfd of a process whose namespaces are entered, or the descriptor of one namespace; nil for none.
  var target: Int32?
  /// Which namespaces, as setns(2) takes them.
  var namespaces: Int32 = 0
  /// `cgroup.procs` files of the groups that are joined, open for writing.
  var groups: [Int32] = []
  /// The filter of its system calls when it may have no capabilities and gain none; nil lets it keep what it has.
  var filter: [UInt8]?
  /// What keeps `target` open.
  var tree: PreparedTree?
}

extension SpawnEntry {
  /// One for a process that makes a sandbox of a tree.
  init(in tree: PreparedTree) {
    self.init(target: tree.namespace.raw, namespaces: Int32(CEXEC_MOUNT_NAMESPACE), tree: tree)
  }
}
