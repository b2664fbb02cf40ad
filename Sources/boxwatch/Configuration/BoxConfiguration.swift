import BoxLiteClient
import ContainerBoxes
import ExecModel
import HostBoxes
import Yams

/// A configured box.
enum BoxConfiguration: Hashable, Sendable {
  /// A command prefix that runs what follows it elsewhere; `quotesForShell` when the prefix joins
  /// its words into one line for a shell, as ssh does.
  case prefix(command: [String], quotesForShell: Bool)
  /// A box on a BoxLite server.
  case boxLite(BoxLiteTarget, key: KeySource)
  /// A throw-away bubblewrap sandbox.
  case sandbox(SandboxOptions)
  /// A container, or an image for throw-away containers.
  case container(ContainerTarget)

  /// The variable that holds its key, if there is one.
  var keyVariable: String? {
    guard case .boxLite(_, .variable(let name)) = self else { return nil }
    return name
  }

  /// Parses `{command: ssh HOST --, quote: shell}`, `{bwrap: {net: true}}`, `{container:
  /// docker:NAME}`, or `{boxlite: boxlite://HOST:PORT/BOX, key: $NAME, key-file: PATH}`.
  init(_ node: Node, name: String, _ reader: YAMLReader) throws {
    let known = ["command", "quote", "bwrap", "container", "boxlite", "key", "key-file"]
    let pairs = try reader.mapping(node, "box '\(name)'", known: known)
    if let (key, value) = pairs.first(where: { ["bwrap", "container"].contains($0.key) }) {
      guard pairs.count == 1 else {
        throw reader.complaint(node, "box '\(name)' is a \(key), which cannot have other settings beside it")
      }
      self =
        key == "bwrap"
        ? .sandbox(try SandboxConfiguration(value, reader).options)
        : .container(try reader.value(value, key, ContainerTarget.init(text:)))
      return
    }
    let isRemote = pairs.contains { $0.key == "boxlite" }
    for (key, value) in pairs where isRemote == ["command", "quote"].contains(key) {
      throw reader.complaint(
        value, "box '\(name)' has '\(key)', which \(isRemote ? "a BoxLite box" : "it") does not have")
    }
    self = try isRemote ? Self.boxLite(pairs, reader) : Self.prefix(pairs, node, name, reader)
  }

  private typealias Pairs = [(key: String, value: Node)]

  private static func prefix(_ pairs: Pairs, _ node: Node, _ name: String, _ reader: YAMLReader) throws -> Self {
    var command: [String] = []
    var quotes: Bool?
    for (key, value) in pairs {
      switch key {
      case "command": command = try reader.words(value, "command")
      default: quotes = try Self.quotes(value, reader)
      }
    }
    guard !command.isEmpty else {
      throw reader.complaint(node, "box '\(name)' needs a command, such as: command: [ssh, HOST, --]")
    }
    // ssh passes its words to the remote shell as one line; without quoting, spaces and stars would
    // be interpreted twice.
    return .prefix(
      command: command, quotesForShell: quotes ?? (command.first?.split(separator: "/").last == "ssh"))
  }

  private static func quotes(_ node: Node, _ reader: YAMLReader) throws -> Bool {
    switch try reader.text(node, "quote") {
    case "shell": true
    case "none": false
    default: throw reader.complaint(node, "quote must be shell or none")
    }
  }

  private static func boxLite(_ pairs: Pairs, _ reader: YAMLReader) throws -> Self {
    var target: BoxLiteTarget?
    var keys: [KeySource] = []
    for (key, value) in pairs {
      switch key {
      case "boxlite": target = try Self.target(value, reader)
      case "key": keys.append(try Self.variable(value, reader))
      default: keys.append(.file(try reader.text(value, key)))
      }
    }
    if let extra = pairs.last(where: { $0.key != "boxlite" }), keys.count > 1 {
      throw reader.complaint(extra.value, "there are two keys: leave key or key-file out")
    }
    guard let target else { throw reader.complaint(pairs[0].value, "the address is missing") }
    return .boxLite(target, key: keys.first ?? .standard)
  }

  private static func target(_ node: Node, _ reader: YAMLReader) throws -> BoxLiteTarget {
    let target = try reader.value(node, "boxlite", BoxLiteTarget.init(text:))
    guard target.execution == nil else {
      throw reader.complaint(node, "boxlite: '\(target)' names an execution: leave it out, or use boxwatch attach")
    }
    return target
  }

  private static func variable(_ node: Node, _ reader: YAMLReader) throws -> KeySource {
    guard let source = KeySource(variable: try reader.text(node, "key")) else {
      throw reader.complaint(
        node, "key must name a variable, such as $BOXLITE_API_KEY: this file cannot contain a key")
    }
    return source
  }
}

/// Parses the options of a configured bubblewrap box.
///
/// ```yaml
/// build: {bwrap: {bind: [/srv/src], ro-bind: [/opt:/tmp/opt], net: true, memory: 2G, cpus: 1.5, pids: 200}}
/// ```
struct SandboxConfiguration {
  /// The parsed options.
  private(set) var options = SandboxOptions()

  private static let keys = ["bind", "ro-bind", "net", "memory", "cpus", "pids"]

  /// Parses the mapping under `bwrap`; an empty one is the default sandbox.
  ///
  /// - Throws: ``/Console/Failure`` with file, line and column.
  init(_ node: Node, _ reader: YAMLReader) throws {
    guard node.null == nil else { return }
    for (key, value) in try reader.mapping(node, "bwrap", known: Self.keys) { try apply(key, value, reader) }
  }

  private mutating func apply(_ key: String, _ value: Node, _ reader: YAMLReader) throws {
    switch key {
    case "bind": options.binds += try Self.binds(value, isReadOnly: false, reader)
    case "ro-bind": options.binds += try Self.binds(value, isReadOnly: true, reader)
    case "net": options.hasNetwork = try reader.flag(value, key)
    case "memory": options.limits.memory = try reader.value(value, key, BoxLimits.memory(text:))
    case "cpus": options.limits.milliProcessors = try reader.value(value, key, BoxLimits.milliProcessors(text:))
    default: options.limits.processes = try reader.value(value, key, BoxLimits.processes(text:))
    }
  }

  private static func binds(_ node: Node, isReadOnly: Bool, _ reader: YAMLReader) throws -> [SandboxBind] {
    let entries = node.sequence.map(Array.init) ?? [node]
    return try entries.map { entry in
      try reader.value(entry, "bind") { (text: String) throws(TextValueError) in
        try SandboxBind(text: text, isReadOnly: isReadOnly)
      }
    }
  }
}
