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
  /// Whether the process dies with the thread that makes it.
  var needsLastingParent = false
}
