import ExecModel

/// A command and the name of the box it is to run in.
struct ExecutionRequest: Hashable, Sendable {
  /// `local`, `bwrap`, or a name of the configuration.
  var box: String
  /// What to run there.
  var spec: ExecutionSpec
}
