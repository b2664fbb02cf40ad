import ExecModel
import SystemPackage
import Yams

/// What `config.yaml` says; everything has a default, and no file at all is fine.
struct Configuration: Sendable {
  /// The theme's name.
  var theme: String?
  /// The box that commands run in when nobody says.
  var box = "local"
  /// When a held stream is given up.
  var drain = DrainPolicy.untilEndOfStream
  /// How much output is kept for each execution.
  var keep = JournalLimit.standard
  /// What becomes of a command whose record cannot be written.
  var onRecordFailure = RecordFailurePolicy.wait
  /// Boxes by name.
  var boxes: [String: BoxConfiguration] = [:]
  /// How the server waits and what it takes.
  var serve: [ServerChange] = []

  private static let keys = ["theme", "box", "drain", "keep", "on-record-failure", "boxes", "serve"]

  /// Reads the file that `--config` names, or else the user's own when there is one.
  ///
  /// - Throws: ``Failure`` with file, line and column.
  init(option: String?) throws {
    let path = try option.map { FilePath($0) } ?? Directories.configuration().appending("config.yaml")
    guard let text = try TextFile.read(path) else {
      if option != nil { throw Failure("\(path): there is no such file") }
      self.init()
      return
    }
    try self.init(text: text, path: path.string)
  }

  /// The defaults.
  init() {}

  /// Reads a configuration's text; `path` is for complaints.
  init(text: String, path: String) throws {
    let reader = YAMLReader(path: path)
    guard let root = try reader.root(text) else { return }
    for (key, value) in try reader.mapping(root, "the configuration", known: Self.keys) {
      switch key {
      case "theme": theme = try reader.text(value, key)
      case "box": box = try reader.text(value, key)
      case "drain": drain = try reader.value(value, key, DrainPolicy.init(text:))
      case "keep": keep = try reader.value(value, key, JournalLimit.init(text:))
      case "on-record-failure":
        onRecordFailure = try reader.value(value, key, RecordFailurePolicy.init(text:))
      case "serve": serve = try ServeConfiguration(value, reader).changes
      default: boxes = try Self.boxes(value, reader)
      }
    }
  }

  private static func boxes(_ node: Node, _ reader: YAMLReader) throws -> [String: BoxConfiguration] {
    var boxes: [String: BoxConfiguration] = [:]
    for (name, value) in try reader.mapping(node, "boxes") {
      guard !BoxCatalogue.builtIn.contains(name) else {
        throw reader.complaint(value, "'\(name)' is a box of boxwatch's own: choose another name")
      }
      boxes[name] = try BoxConfiguration(value, name: name, reader)
    }
    return boxes
  }
}
