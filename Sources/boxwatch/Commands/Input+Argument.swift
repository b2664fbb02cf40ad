import ExecModel

extension ExecutionSpec.Input {
  /// Reads `pipe`, `closed`, or a path.
  init(argument: String) throws(TextValueError) {
    switch argument {
    case "pipe": self = .pipe
    case "closed": self = .closed
    case "": throw TextValueError("the input is missing: write pipe, closed, or a file's path")
    default: self = .file(argument)
    }
  }
}
