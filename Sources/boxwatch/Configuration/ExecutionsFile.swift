import Console
import ExecModel
import HostBoxes
import Jobs
import SystemPackage
import Yams

/// A YAML file of commands for `run --file`: a list, or a mapping of names to commands.
///
/// ```yaml
/// web:   {command: [python3, -m, http.server], box: bwrap}
/// build: make -j2
/// ```
struct ExecutionsFile {
  /// The file's path.
  let path: String

  private static let keys = [
    "command", "box", "name", "env", "workdir", "user", "tty", "timeout", "kill-grace", "drain", "keep", "stdin",
    "on-record-failure",
  ]

  /// The file's executions in order; the command line's options are the defaults.
  ///
  /// - Throws: ``/Console/Failure`` with file, line and column.
  func requests(defaults: RunOptions, _ configuration: Configuration) throws -> [ExecutionRequest] {
    guard let text = try TextFile.read(FilePath(path)) else { throw Failure("\(path): no such file") }
    let reader = YAMLReader(path: path)
    guard let root = try reader.root(text) else { throw Failure("\(path): the file is empty") }
    let entries: [(name: String?, node: Node)]
    if let list = root.sequence {
      entries = list.map { (nil, $0) }
    } else {
      entries = try reader.mapping(root, "the file").map { ($0.key, $0.value) }
    }
    guard !entries.isEmpty else { throw reader.complaint(root, "the file has no command") }
    return try entries.map { try request($0.node, name: $0.name, defaults, configuration, reader) }
  }

  private func request(
    _ node: Node, name: String?, _ defaults: RunOptions, _ configuration: Configuration, _ reader: YAMLReader
  ) throws -> ExecutionRequest {
    var request = ExecutionRequest(
      box: defaults.box ?? configuration.box, spec: defaults.spec([], configuration))
    request.spec.name = name
    if node.mapping != nil {
      for (key, value) in try reader.mapping(node, "an execution", known: Self.keys) {
        try apply(key, value, &request, reader)
      }
    } else {
      request.spec.command = try reader.words(node, "the command")
    }
    guard !request.spec.command.isEmpty else { throw reader.complaint(node, "an execution needs a command") }
    return request
  }

  private func apply(_ key: String, _ value: Node, _ request: inout ExecutionRequest, _ reader: YAMLReader) throws {
    switch key {
    case "command": request.spec.command = try reader.words(value, key)
    case "box": request.box = try reader.text(value, key)
    case "name": request.spec.name = try reader.text(value, key)
    case "env": request.spec.environment += try environment(value, reader)
    case "workdir": request.spec.workingDirectory = try reader.text(value, key)
    case "user": request.spec.user = try reader.value(value, key, RunOptions.user)
    case "tty": request.spec.terminal = try reader.flag(value, key) ? TerminalSize() : nil
    case "timeout": request.spec.timeLimit = try reader.value(value, key, Self.timeLimit)
    case "kill-grace": request.spec.killGrace = try reader.value(value, key, Duration.init(boxwatchText:))
    case "drain": request.spec.drain = try reader.value(value, key, DrainPolicy.init(text:))
    case "keep": request.spec.keep = try reader.value(value, key, JournalLimit.init(text:))
    case "on-record-failure":
      request.spec.onRecordFailure = try reader.value(value, key, RecordFailurePolicy.init(text:))
    default: request.spec.input = try reader.value(value, key, ExecutionSpec.Input.init(argument:))
    }
  }

  private func environment(_ node: Node, _ reader: YAMLReader) throws -> [EnvironmentVariable] {
    try reader.mapping(node, "env").map { name, value in
      let text = try reader.text(value, name)
      guard !name.isEmpty, !name.utf8.contains(UInt8(ascii: "=")), !(name + text).utf8.contains(0) else {
        throw reader.complaint(value, "'\(name)' is not a valid name of a variable, or its value has a NUL byte")
      }
      return EnvironmentVariable(name: name, value: text)
    }
  }

  private static func timeLimit(_ text: String) throws(TextValueError) -> Duration {
    let limit = try Duration(boxwatchText: text)
    guard limit > .zero else { throw TextValueError("'\(text)' would end the command at once") }
    return limit
  }
}
