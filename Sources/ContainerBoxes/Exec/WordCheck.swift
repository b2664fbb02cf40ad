import ExecEngine
import ExecModel

/// Looks at a command's words before an engine is asked.
enum WordCheck {
  /// The longest word that Linux takes (MAX_ARG_STRLEN, execve(2)), its NUL included.
  private static let longestWord = 131_072

  /// Refuses what cannot be passed on.
  ///
  /// - Throws: ``BoxError`` with `badName`, `argumentListTooLong` or `badDirectory`.
  static func check(_ spec: ExecutionSpec) throws(BoxError) {
    guard let name = spec.command.first, !name.isEmpty else {
      throw BoxError(.badName, "the command is empty: write a program's name")
    }
    let variables = spec.environment.map { $0.name + "=" + $0.value }
    let words = spec.command + variables + [spec.workingDirectory ?? "", spec.user ?? ""]
    guard !words.contains(where: { $0.utf8.contains(0) }) else {
      throw BoxError(
        .badName, "a word of the command, its variables, its directory or its user holds a NUL byte: remove it")
    }
    guard spec.environment.allSatisfy({ !$0.name.isEmpty && !$0.name.utf8.contains(UInt8(ascii: "=")) }) else {
      throw BoxError(.badName, "a variable is not NAME=VALUE")
    }
    guard words.allSatisfy({ $0.utf8.count < longestWord }) else {
      throw BoxError(.argumentListTooLong, "a word of the command is larger than the kernel takes: pass it in a file")
    }
    if let directory = spec.workingDirectory, !directory.hasPrefix("/") {
      throw BoxError(.badDirectory, "the working directory '\(directory)' must begin with / in a container")
    }
  }
}
