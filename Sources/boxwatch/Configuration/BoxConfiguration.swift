import Boxes
import ExecModel
import Yams

/// One box of the configuration.
struct BoxConfiguration: Hashable, Sendable {
  /// What kind of box it is.
  enum Kind: Hashable, Sendable {
    /// A command prefix that runs what follows it somewhere, such as `ssh HOST --`.
    case command([String])
    /// A throw-away bubblewrap sandbox.
    case sandbox(SandboxOptions)
  }

  /// What it is.
  var kind: Kind
  /// Whether a prefix joins its words into one line for a shell, as ssh does, and so needs them quoted.
  var quotesForShell: Bool

  /// The prefix; empty for a sandbox.
  var command: [String] {
    switch kind {
    case .command(let words): words
    case .sandbox: []
    }
  }

  /// Reads `{command: ssh HOST --, quote: shell}` or `{bwrap: {net: true}}`.
  init(_ node: Node, name: String, _ reader: YAMLReader) throws {
    var command: [String] = []
    var quotes: Bool?
    var sandbox: SandboxOptions?
    for (key, value) in try reader.mapping(node, "box '\(name)'", known: ["command", "quote", "bwrap"]) {
      switch key {
      case "command": command = try reader.words(value, "command")
      case "bwrap": sandbox = try SandboxConfiguration(value, reader).options
      default: quotes = try Self.quotes(value, reader)
      }
    }
    // ssh hands its words to the far shell as one line; without quoting, spaces and stars would be read twice.
    quotesForShell = quotes ?? (command.first?.split(separator: "/").last == "ssh")
    if let sandbox {
      guard command.isEmpty, quotes == nil else {
        throw reader.complaint(node, "box '\(name)' is a sandbox (bwrap) or a command prefix, not both")
      }
      kind = .sandbox(sandbox)
    } else {
      guard !command.isEmpty else {
        throw reader.complaint(node, "box '\(name)' needs a command, such as: command: [ssh, HOST, --]")
      }
      kind = .command(command)
    }
  }

  private static func quotes(_ node: Node, _ reader: YAMLReader) throws -> Bool {
    switch try reader.text(node, "quote") {
    case "shell": true
    case "none": false
    default: throw reader.complaint(node, "quote must be shell or none")
    }
  }
}
