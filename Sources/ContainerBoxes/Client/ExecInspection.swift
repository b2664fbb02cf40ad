import JSON

/// What an engine says of one exec.
struct ExecInspection: Hashable, Sendable {
  /// Whether it runs, as far as the engine has heard.
  var isRunning: Bool
  /// The exit code; only right when it does not run.
  var exitCode: Int32?
  /// The process's number on the engine's host; 0 before the start, and on Podman after the end.
  var processIdentifier: Int32
  /// The whole identifier of its container.
  var container: String
  /// Its words.
  var command: [String]
  /// Whether it has a terminal: one stream.
  var hasTerminal: Bool

  /// Whether it ran at all: one that was made and not started has neither number nor code.
  var hasStarted: Bool { isRunning || exitCode != nil || processIdentifier > 0 }

  init?(_ json: JSONValue) {
    guard let isRunning = json["Running"]?.bool else { return nil }
    self.isRunning = isRunning
    exitCode = json["ExitCode"]?.integer.map { Int32(truncatingIfNeeded: $0) }
    processIdentifier = Int32(clamping: json["Pid"]?.integer ?? 0)
    container = json["ContainerID"]?.string ?? ""
    let process = json["ProcessConfig"]
    let program = process?["entrypoint"]?.string.map { [$0] } ?? []
    command = program + (process?["arguments"]?.array ?? []).compactMap(\.string)
    hasTerminal = process?["tty"]?.bool ?? false
  }
}
