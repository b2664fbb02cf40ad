import ExecModel
import JSON

/// What an engine says of one container.
struct ContainerInspection: Hashable, Sendable {
  /// The whole identifier.
  var identifier: String
  /// The main process's words.
  var command: [String]
  /// Whether the main process has a terminal: one stream, no frames.
  var hasTerminal: Bool
  /// Whether the main process runs.
  var isRunning: Bool
  /// Whether it was started at all.
  var hasStarted: Bool
  /// When it was last started; another one means another run.
  var startedAt: String
  /// The main process's number on the engine's host; 0 when it does not run.
  var processIdentifier: Int32
  /// The last run's exit code.
  var exitCode: Int32
  /// The execs that run in it.
  var execs: [String]

  init?(_ json: JSONValue) {
    guard let identifier = json["Id"]?.string, let state = json["State"], let isRunning = state["Running"]?.bool else {
      return nil
    }
    self.identifier = identifier
    self.isRunning = isRunning
    let program = json["Path"]?.string.map { [$0] } ?? []
    command = program + (json["Args"]?.array ?? []).compactMap(\.string)
    execs = (json["ExecIDs"]?.array ?? []).compactMap(\.string)
    hasTerminal = json["Config"]?["Tty"]?.bool ?? false
    startedAt = state["StartedAt"]?.string ?? ""
    // Go's zero time.
    hasStarted = isRunning || !startedAt.hasPrefix("0001-")
    processIdentifier = Int32(clamping: state["Pid"]?.integer ?? 0)
    exitCode = Int32(truncatingIfNeeded: state["ExitCode"]?.integer ?? 0)
  }
}
