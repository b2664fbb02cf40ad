import ExecModel
import Yams

/// Reads a YAML file by its nodes, so that every complaint has file, line and column.
struct YAMLReader {
  /// The file, for complaints.
  let path: String

  /// The document's root; nil for an empty document, also one that is only begun (`---`).
  func root(_ text: String) throws -> Node? {
    do {
      guard let root = try Yams.compose(yaml: text), root.null == nil else { return nil }
      return root
    } catch let error as YamlError {
      throw Failure(Self.oneLine("\(path): \(error)"))
    }
  }

  /// The pairs of a mapping, each key used once and among `known`.
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

  /// A truth value.
  func flag(_ node: Node, _ what: String) throws -> Bool {
    guard let value = node.bool else { throw complaint(node, "\(what) must be true or false") }
    return value
  }

  /// A list of words; a single text is split at spaces.
  func words(_ node: Node, _ what: String) throws -> [String] {
    if let list = node.sequence { return try list.map { try text($0, "an entry of \(what)") } }
    return try text(node, what).split(separator: " ").map(String.init)
  }

  /// A value with a text form of its own.
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

  /// A complaint at a node.
  func complaint(_ node: Node, _ sentence: String) -> Failure {
    let place = node.mark.map { ":\($0.line):\($0.column)" } ?? ""
    return Failure("\(path)\(place): \(sentence)")
  }

  private static func oneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).map(String.init).joined(separator: " ")
  }
}
