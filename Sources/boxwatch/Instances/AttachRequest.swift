import ContainerBoxes

/// What `boxwatch attach` is to show, found.
enum AttachRequest: Sendable {
  /// An execution of this machine, by its journal.
  case local(ListedExecution)
  /// An execution on a BoxLite server, a container's main process, or somebody else's command in a container.
  case remote(any AttachableBox)
  /// All commands of others in a container, as they start.
  case execs(ExecWatch)
}
