import ExecModel
import Yams

/// One box of the configuration: a command prefix that runs what follows it somewhere.
struct BoxConfiguration: Hashable, Sendable {
  /// The prefix, such as `ssh HOST --`.
  var command: [String]
  /// Whether the prefix joins its words into one line for a shell, as ssh does, and so needs them quoted.
  var quotesForShell: Bool

  /// Reads `{command: ssh HOST --, quote: shell}`.
  init(_ node: Node, name: String, _ reader: YAMLReader) throws {
    var command: [String] = []
    var quotes: Bool?
    for (key, value) in try reader.mapping(node, "box '\(name)'", known: ["command", "quote"]) {
      switch key {
      case "command": command = try reader.words(value, "command")
      default: quotes = try Self.quotes(value, reader)
      }
    }
    guard !command.isEmpty else {
      throw reader.complaint(node, "box '\(name)' needs a command, such as: command: [ssh, HOST, --]")
    }
    self.command = command
    // ssh hands its words to the far shell as one line; without quoting, spaces and stars would be read twice.
    quotesForShell = quotes ?? (command.first?.split(separator: "/").last == "ssh")
  }

  private static func quotes(_ node: Node, _ reader: YAMLReader) throws -> Bool {
    switch try reader.text(node, "quote") {
    case "shell": true
    case "none": false
    default: throw reader.complaint(node, "quote must be shell or none")
    }
  }
}
