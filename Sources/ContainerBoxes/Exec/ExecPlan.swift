import ExecEngine
import ExecModel
import JSON
import NIOCore

/// An exec to create: the container, the command, and the parameters for the engine.
struct ExecPlan: Sendable {
  let container: String
  let spec: ExecutionSpec
  let user: String?
  let facts: EngineFacts
  /// A variable that marks the command's processes, where they cannot be identified by number.
  let mark: EnvironmentVariable?
  /// Whether a shell sets the terminal's size before the command begins.
  let wrapsForSize: Bool

  var hasTerminal: Bool { spec.terminal != nil }
  var layout: FrameDecoder.Layout { hasTerminal ? .raw : .framed }
  var hasInput: Bool { hasTerminal || spec.input != .closed }

  /// Whether the engine accepts a terminal's first size with the start, or before; Podman sets it a
  /// moment after.
  static func takesFirstSize(_ facts: EngineFacts) -> Bool { facts.kind == .podman || facts.api >= 1042 }

  /// The body of the request that creates the exec.
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

  /// The body of the request that starts it.
  ///
  /// Podman takes the size as `h` and `w`, Docker from 1.42 on as `ConsoleSize`.
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

/// Checks a command's words before the engine is contacted.
enum WordCheck {
  /// The maximum length of a word on Linux (MAX_ARG_STRLEN, execve(2)), NUL included.
  private static let longestWord = 131_072

  /// Refuses words that cannot be passed on.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` with `badName`, `argumentListTooLong` or `badDirectory`.
  static func check(_ spec: ExecutionSpec) throws(BoxError) {
    guard let name = spec.command.first, !name.isEmpty else {
      throw BoxError(.badName, "the command is empty: name a program")
    }
    let variables = spec.environment.map { $0.name + "=" + $0.value }
    let words = spec.command + variables + [spec.workingDirectory ?? "", spec.user ?? ""]
    guard !words.contains(where: { $0.utf8.contains(0) }) else {
      throw BoxError(
        .badName, "a word of the command, its variables, its directory or its user contains a NUL byte: remove it")
    }
    guard spec.environment.allSatisfy({ !$0.name.isEmpty && !$0.name.utf8.contains(UInt8(ascii: "=")) }) else {
      throw BoxError(.badName, "a variable is not NAME=VALUE")
    }
    guard words.allSatisfy({ $0.utf8.count < longestWord }) else {
      throw BoxError(.argumentListTooLong, "a word of the command is larger than the kernel takes: pass it in a file")
    }
    if let directory = spec.workingDirectory, !directory.hasPrefix("/") {
      throw BoxError(.badDirectory, "the working directory '\(directory)' must be absolute in a container")
    }
  }
}
