import Boxes
import ExecModel

/// A command and the name of the box it is to run in.
struct ExecutionRequest: Hashable, Sendable {
  /// `local`, `bwrap`, a name of the configuration, or that of a kept box.
  var box: String
  /// What to run there.
  var spec: ExecutionSpec
  /// What a sandbox has besides, from the command line.
  var sandbox = SandboxOptions()
}
