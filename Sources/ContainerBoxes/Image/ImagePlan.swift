import ExecModel
import JSON

/// One throw-away container to be made of an image.
struct ImagePlan: Sendable {
  let image: String
  let spec: ExecutionSpec

  var hasTerminal: Bool { spec.terminal != nil }
  var hasInput: Bool { hasTerminal || spec.input != .closed }
  var layout: FrameDecoder.Layout { hasTerminal ? .raw : .framed }

  /// The body of its making: deleted by the engine at its end, whatever becomes of boxwatch.
  var creation: JSONValue {
    let variables = spec.environment.map { $0.name + "=" + $0.value }
    return .object([
      "Image": .string(image), "Cmd": .array(spec.command.map(JSONValue.string)), "Entrypoint": .array([]),
      "Tty": .bool(hasTerminal), "OpenStdin": .bool(hasInput), "StdinOnce": .bool(hasInput),
      "AttachStdin": .bool(hasInput), "AttachStdout": .bool(true), "AttachStderr": .bool(true),
      "Env": variables.isEmpty ? nil : .array(variables.map(JSONValue.string)),
      "WorkingDir": spec.workingDirectory.map(JSONValue.string), "User": spec.user.map(JSONValue.string),
      "Labels": .object(["boxwatch": .string("throw-away")]),
      "HostConfig": .object(["AutoRemove": .bool(true), "ConsoleSize": consoleSize]),
    ])
  }

  /// Docker takes the first size with the container (API 1.42 and later do so for Linux too).
  private var consoleSize: JSONValue? {
    spec.terminal.map { .array([.integer(Int64($0.rows)), .integer(Int64($0.columns))]) }
  }
}
