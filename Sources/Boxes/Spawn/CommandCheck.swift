import ExecEngine
import ExecModel
import Glibc

/// Looks at a command's words before anything is started.
enum CommandCheck {
  /// Refuses what execve(2) would cut or mistake.
  ///
  /// - Throws: ``BoxError`` with `badName` for an empty command, and for a NUL in any word, variable or directory.
  static func words(of spec: ExecutionSpec) throws(BoxError) {
    guard let name = spec.command.first, !name.isEmpty else {
      throw BoxError(.badName, "the command is empty: write a program's name")
    }
    for (index, word) in spec.command.enumerated() where word.utf8.contains(0) {
      let place = index == 0 ? "the command's name" : "argument \(index) of '\(spec.command[0])'"
      throw BoxError(.badName, "\(place) holds a NUL byte, which no command can be given: remove it")
    }
    try variables(spec.environment)
    if let directory = spec.workingDirectory, directory.utf8.contains(0) {
      throw BoxError(.badName, "the working directory's name holds a NUL byte: remove it")
    }
  }

  private static func variables(_ variables: [EnvironmentVariable]) throws(BoxError) {
    for variable in variables {
      let isName = !variable.name.isEmpty && !variable.name.utf8.contains { $0 == 0 || $0 == UInt8(ascii: "=") }
      guard isName, !variable.value.utf8.contains(0) else {
        throw BoxError(.badName, "the variable '\(variable.name)' is not NAME=VALUE without NUL bytes")
      }
    }
  }

  /// Makes sure that a working directory can be entered.
  ///
  /// - Throws: ``BoxError`` with `badDirectory`.
  static func directory(_ path: String, in view: FileView = .host) throws(BoxError) {
    if let problem = problem(view.look(path), path) { throw BoxError(.badDirectory, problem) }
  }

  private static func problem(_ look: FileLook, _ path: String) -> String? {
    switch look {
    case .directory(let isEnterable):
      isEnterable ? nil : "the working directory '\(path)' may not be entered by this user"
    case .hidden:
      "the working directory '\(path)' is not visible in the sandbox: show it with --ro-bind, or name another"
    case .file: "the working directory '\(path)' is a file: name a directory"
    case .failed(let error): problem(error, path)
    }
  }

  private static func problem(_ error: Int32, _ path: String) -> String {
    switch error {
    case ENOENT: "the working directory '\(path)' does not exist: create it, or name another"
    case ENOTDIR: "the working directory '\(path)' leads through a file: name another"
    case EACCES: "the working directory '\(path)' may not be reached by this user"
    default: "the working directory '\(path)' cannot be used: \(String(cString: strerror(error)))"
    }
  }
}
