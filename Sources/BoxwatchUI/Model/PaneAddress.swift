import ExecModel

/// One pane of one execution.
struct PaneAddress: Hashable, Sendable {
  /// The execution.
  var id: ExecutionID
  /// The pane's stream.
  var stream: ExecStream
}
