import Console
import ExecModel
import SystemPackage
import Yams

/// A small hand-written file.
enum TextFile {
  /// The maximum size in bytes; more than is written by hand.
  static let largest = 1 << 20

  /// The file's text; nil when there is no such file.
  ///
  /// - Throws: ``/Console/Failure`` that names the file, when it cannot be read, is too large or is not
  ///   UTF-8.
  static func read(_ path: FilePath) throws -> String? {
    let bytes: [UInt8]
    do {
      let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
      bytes = try file.closeAfter { try readAll(file, path) }
    } catch Errno.noSuchFileOrDirectory {
      return nil
    } catch let error as Errno {
      throw Failure("\(path): \(Failure.words(error.rawValue))")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw Failure("\(path): this is not UTF-8 text") }
    return text
  }

  private static func readAll(_ file: FileDescriptor, _ path: FilePath) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16 << 10)
    while true {
      let count = try chunk.withUnsafeMutableBytes { try file.read(into: $0) }
      guard count > 0 else { return bytes }
      bytes += chunk[..<count]
      guard bytes.count <= largest else {
        throw Failure("\(path): the file is larger than 1 MiB, which is more than boxwatch reads")
      }
    }
  }
}

/// Reads a YAML file by its nodes, so that every error has file, line and column.
struct YAMLReader {
  /// The file's path, for errors.
  let path: String

  /// The document's root; nil for an empty document, including one that only begins (`---`).
  func root(_ text: String) throws -> Node? {
    do {
      guard let root = try Yams.compose(yaml: text), root.null == nil else { return nil }
      return root
    } catch let error as YamlError {
      throw Failure(Self.oneLine("\(path): \(error)"))
    }
  }

  /// The pairs of a mapping; each key must be unique and among `known`.
  func mapping(_ node: Node, _ what: String, known: [String]? = nil) throws -> [(key: String, value: Node)] {
    guard let mapping = node.mapping else { throw complaint(node, "\(what) must be a mapping of names to values") }
    return try mapping.map { key, value in
      guard let name = key.string else { throw complaint(key, "a name must be text") }
      if let known, !known.contains(name) {
        throw complaint(key, "\(what) has no '\(name)'; it knows \(known.joined(separator: ", "))")
      }
      return (name, value)
    }
  }

  /// A scalar's text.
  func text(_ node: Node, _ what: String) throws -> String {
    guard let text = node.scalar?.string else { throw complaint(node, "\(what) must be a single value") }
    return text
  }

  /// A boolean.
  func flag(_ node: Node, _ what: String) throws -> Bool {
    guard let value = node.bool else { throw complaint(node, "\(what) must be true or false") }
    return value
  }

  /// A list of words; a single text is split at spaces.
  func words(_ node: Node, _ what: String) throws -> [String] {
    if let list = node.sequence { return try list.map { try text($0, "an entry of \(what)") } }
    return try text(node, what).split(separator: " ").map(String.init)
  }

  /// A value that is parsed from text.
  func value<Value>(
    _ node: Node, _ what: String, _ read: (String) throws(TextValueError) -> Value
  ) throws -> Value {
    let text = try text(node, what)
    do throws(TextValueError) {
      return try read(text)
    } catch {
      throw complaint(node, "\(what): \(error)")
    }
  }

  /// An error at a node.
  func complaint(_ node: Node, _ sentence: String) -> Failure {
    let place = node.mark.map { ":\($0.line):\($0.column)" } ?? ""
    return Failure("\(path)\(place): \(sentence)")
  }

  private static func oneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).map(String.init).joined(separator: " ")
  }
}

/// The contents of `config.yaml`; everything has a default, and the file is optional.
struct Configuration: Sendable {
  /// The theme's name.
  var theme: String?
  /// The default box.
  var box = "local"
  /// When a held stream is given up.
  var drain = DrainPolicy.untilEndOfStream
  /// How much output of each execution is kept.
  var keep = JournalLimit.standard
  /// How a command whose record cannot be written is handled.
  var onRecordFailure = RecordFailurePolicy.wait
  /// Boxes by name.
  var boxes: [String: BoxConfiguration] = [:]
  /// The server's settings.
  var serve: [ServerChange] = []

  private static let keys = ["theme", "box", "drain", "keep", "on-record-failure", "boxes", "serve"]

  /// Reads the file named by `--config`, otherwise the user's file if it exists.
  ///
  /// - Throws: ``/Console/Failure`` with file, line and column.
  init(option: String?) throws {
    let path = try option.map { FilePath($0) } ?? Directories.configuration().appending("config.yaml")
    guard let text = try TextFile.read(path) else {
      if option != nil { throw Failure("\(path): no such file") }
      self.init()
      return
    }
    try self.init(text: text, path: path.string)
  }

  /// Creates the default configuration.
  init() {}

  /// Parses a configuration's text; `path` is for errors.
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
