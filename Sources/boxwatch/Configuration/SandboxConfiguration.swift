import Boxes
import ExecModel
import Yams

/// Reads what a bubblewrap box of the configuration has.
///
/// ```yaml
/// build: {bwrap: {bind: [/srv/src], ro-bind: [/opt:/tmp/opt], net: true, memory: 2G, cpus: 1.5, pids: 200}}
/// ```
struct SandboxConfiguration {
  /// What was read.
  private(set) var options = SandboxOptions()

  private static let keys = ["bind", "ro-bind", "net", "memory", "cpus", "pids"]

  /// Reads the mapping under `bwrap`; an empty one is the plain sandbox.
  ///
  /// - Throws: ``Failure`` with file, line and column.
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
