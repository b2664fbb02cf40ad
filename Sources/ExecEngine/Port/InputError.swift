/// Why bytes did not reach a command's input.
public enum InputError: Error, Hashable, Sendable {
  /// The command has no input, or it was closed.
  case closed
  /// The command closed its end, or is over (`EPIPE`).
  case brokenPipe
  /// Anything else the kernel answered, by its error number.
  case system(Int32)
}
