import ExecModel

/// One command as the kernel is asked to run it; the boxes make these from specs.
struct SpawnRequest: Sendable {
  /// The program's file; relative to `directory`.
  var path: String
  /// The arguments, the command's name first.
  var arguments: [String]
  /// The whole environment.
  var environment: EnvironmentBlock
  /// Where the command starts; nil for this process's own directory.
  var directory: String?
  /// Where standard input comes from.
  var input: ExecutionSpec.Input
  /// The terminal's size, nil for pipes.
  var terminal: TerminalSize?
  /// Which processes signals go to.
  var route: SignalRoute = .group
  /// The files as the command sees them: what an error is looked up in.
  var view = FileView.host
  /// Groups and namespaces that it starts in; nil for this process's own.
  var entry: SpawnEntry?
  /// What it waits behind, as its descriptor 3; opened when it was started.
  var gate: FilterGate?
  /// A group that ends with it.
  var lease: CgroupLease?
  /// Whether the process dies with the thread that makes it.
  var needsLastingParent = false
}
