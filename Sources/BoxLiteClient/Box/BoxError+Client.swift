import ExecEngine
import ExecModel

// What a server's refusal means for a start.
extension BoxError {
  /// The box could not be used, or the command could not start there.
  init(_ error: ClientError, from target: BoxLiteTarget) {
    switch error.status {
    case 404: self.init(.box, "\(error.description): check the box's name in \(target)")
    case 422: self.init(Self.failure(error.description), error.description)
    default: self.init(.box, error.description)
    }
  }

  /// The kind of failure, by the server's words: the protocol has one code for all.
  private static func failure(_ words: String) -> StartFailure {
    let words = words.lowercased()
    func has(_ parts: String...) -> Bool { parts.contains { words.contains($0) } }
    if has("in any directory of path") { return .notFound }
    if has("director", "chdir", "cwd") { return .badDirectory }
    if has("too long", "larger than the kernel takes") { return .argumentListTooLong }
    if has("executable", "may not be executed", "is no program", "interpreter", "ermission denied", "exec format") {
      return .notExecutable
    }
    return has("not found", "no such", "no command", "no file") ? .notFound : .box
  }
}
