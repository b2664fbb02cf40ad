/// What `boxwatch attach` is to show, found.
enum AttachRequest: Sendable {
  /// An execution of this machine, by its journal.
  case local(ListedExecution)
  /// An execution on a BoxLite server, or a container's main process.
  case remote(any AttachableBox)
}
