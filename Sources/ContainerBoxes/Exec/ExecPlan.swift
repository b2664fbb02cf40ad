import ExecModel
import JSON
import NIOCore

/// One exec to be made: where, what, and how the engine is to be told.
struct ExecPlan: Sendable {
  let container: String
  let spec: ExecutionSpec
  let user: String?
  let facts: EngineFacts
  /// A variable that marks the command's processes, where they cannot be told by their numbers.
  let mark: EnvironmentVariable?
  /// Whether a shell sets the terminal's size before the command begins.
  let wrapsForSize: Bool

  var hasTerminal: Bool { spec.terminal != nil }
  var layout: FrameDecoder.Layout { hasTerminal ? .raw : .framed }
  var hasInput: Bool { hasTerminal || spec.input != .closed }

  /// Whether the engine can be told a terminal's first size with the start, or before; Podman sets it a moment after.
  static func takesFirstSize(_ facts: EngineFacts) -> Bool { facts.kind == .podman || facts.api >= 1042 }

  /// The body of the exec's making.
  var creation: JSONValue {
    let variables = spec.environment.map { $0.name + "=" + $0.value } + (mark.map { ["\($0.name)=\($0.value)"] } ?? [])
    return .object([
      "AttachStdin": .bool(hasInput), "AttachStdout": .bool(true), "AttachStderr": .bool(true),
      "Tty": .bool(hasTerminal), "Cmd": .array(words.map(JSONValue.string)),
      "Env": variables.isEmpty ? nil : .array(variables.map(JSONValue.string)),
      "WorkingDir": spec.workingDirectory.map(JSONValue.string), "User": user.map(JSONValue.string),
      "ConsoleSize": consoleSize,
    ])
  }

  /// The body of its start.
  ///
  /// Podman has the size by `h` and `w`, Docker from 1.42 on as `ConsoleSize`.
  var start: JSONValue {
    .object([
      "Detach": .bool(false), "Tty": .bool(hasTerminal), "ConsoleSize": consoleSize,
      "h": spec.terminal.map { .integer(Int64($0.rows)) }, "w": spec.terminal.map { .integer(Int64($0.columns)) },
    ])
  }

  private var consoleSize: JSONValue? {
    guard facts.api >= 1042, facts.kind == .docker else { return nil }
    return spec.terminal.map { .array([.integer(Int64($0.rows)), .integer(Int64($0.columns))]) }
  }

  private var words: [String] {
    guard wrapsForSize, let size = spec.terminal else { return spec.command }
    let script = "stty rows \(size.rows) cols \(size.columns) 2>/dev/null; exec \"$@\""
    return ["sh", "-c", script, "sh"] + spec.command
  }
}
