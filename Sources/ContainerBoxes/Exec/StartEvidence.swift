import ExecEngine
import ExecModel

/// The evidence about an exec that ended before it was seen running: whether its command ever
/// began.
///
/// Docker keeps the number of a process after its end, so that no number means that there was none.
/// Podman drops it: there, a failure is an exit code of 125 to 127, nothing on standard output, and
/// a message of Podman's that names this very command or directory. Both write the runtime's
/// message to the command's own output.
struct StartEvidence {
  let engine: EngineKind
  /// The engine's name for the container.
  let container: String
  let command: String
  let directory: String?
  let user: String?
  let hasTerminal: Bool
  let exitCode: Int32?
  /// The process's number after the end.
  let processIdentifier: Int32
  let stdout: [UInt8]
  let stderr: [UInt8]

  /// Why the command never ran; nil when it ran.
  var failure: BoxError? {
    let text = String(decoding: stdout + stderr, as: UTF8.self)
    switch engine {
    case .docker:
      guard processIdentifier == 0 else { return nil }
    case .podman:
      guard let exitCode, (125...127).contains(exitCode), hasTerminal || stdout.isEmpty, text.hasPrefix("Error: "),
        names(text)
      else { return nil }
    }
    return explained(text)
  }

  /// Whether Podman's message is about this exec, and was not printed by the command (for example a
  /// podman in it).
  private func names(_ text: String) -> Bool {
    let isCommand = text.contains("\"\(command)\"") || text.contains("`\(command)`")
    let isDirectory = text.contains("chdir") || text.contains("workdir")
    return (isCommand || isDirectory) && (text.contains("OCI ") || text.contains("unable to start container process"))
  }

  private func explained(_ text: String) -> BoxError {
    let lower = text.lowercased()
    if lower.contains("chdir") || lower.contains("working directory") || lower.contains("workdir") {
      return BoxError(.badDirectory, directoryProblem(lower))
    }
    if lower.contains("unable to find user") || lower.contains("no matching entries in") {
      return BoxError(.box, "the container '\(container)' has no user '\(user ?? "?")'")
    }
    if lower.contains("not found in $path") {
      return BoxError(.notFound, "there is no command '\(command)' in the PATH of the container '\(container)'")
    }
    if lower.contains("no such file or directory") {
      return BoxError(.notFound, "there is no file '\(command)' in the container '\(container)': check the path")
    }
    if lower.contains("permission denied") || lower.contains("is a directory") {
      return BoxError(
        .notExecutable,
        "'\(command)' in the container '\(container)' cannot be executed: it is a directory, or a file that needs chmod +x"
      )
    }
    if lower.contains("exec format error") {
      return BoxError(.notExecutable, "'\(command)' in the container '\(container)' is not a program for this machine")
    }
    return BoxError(
      .box, "\(engine.rawValue) did not start '\(command)' in '\(container)': \(EngineAPIError.oneLine(text))")
  }

  private func directoryProblem(_ text: String) -> String {
    let name = directory ?? "?"
    if text.contains("not a directory") {
      return "the working directory '\(name)' in the container '\(container)' is a file: name a directory"
    }
    if text.contains("permission denied") {
      return "the working directory '\(name)' in the container '\(container)' cannot be entered by this user"
    }
    return "the working directory '\(name)' does not exist in the container '\(container)': create it, or name another"
  }
}
