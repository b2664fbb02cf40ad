internal import Cells
internal import Yams

/// A position in a theme file.
struct ThemePlace: Hashable, Sendable {
  /// The file's name.
  var file: String
  /// Line, from 1.
  var line: Int
  /// Column, from 1.
  var column: Int

  /// An error at this position.
  func error(_ message: String, role: String? = nil) -> ThemeError {
    ThemeError(file: file, line: line, column: column, role: role, message: message)
  }
}

/// A scalar of a theme file with its position, kept until the palettes of all inherited files are
/// known.
struct PlacedText: Hashable, Sendable {
  /// The text.
  var text: String
  /// The position.
  var place: ThemePlace
}

/// An error in a theme file, with file, line, column and role.
public struct ThemeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file's name, as given or looked up.
  public let file: String
  /// Line, from 1.
  public let line: Int
  /// Column, from 1.
  public let column: Int
  /// The role whose entry is wrong, if it is one role's.
  public let role: String?
  /// One sentence about what is wrong and what to write instead.
  public let message: String

  /// Creates an error.
  public init(file: String, line: Int, column: Int, role: String? = nil, message: String) {
    self.file = file
    self.line = line
    self.column = column
    self.role = role
    self.message = message
  }

  /// `FILE:LINE:COLUMN: role NAME: MESSAGE`, in the form of compiler errors.
  public var description: String {
    "\(file):\(line):\(column): " + (role.map { "role \($0): " } ?? "") + message
  }
}

/// Reads one theme file's YAML into a ``ThemeSource``; every error has its line and column.
struct ThemeReader {
  /// The file's name for errors.
  let file: String

  private static let sections = ["name", "inherits", "palette", "roles", "ansi16", "mono"]
  private static let properties = ["fg", "bg", "modifiers"]
  private static let modifiers: [(name: String, attribute: Attributes)] = [
    ("bold", .bold), ("dim", .dim), ("italic", .italic), ("underline", .underline), ("reverse", .reverse),
    ("strikethrough", .strikethrough),
  ]

  /// Reads the text of a file.
  func read(_ yaml: String) throws(ThemeError) -> ThemeSource {
    guard yaml.utf8.count <= 1 << 18 else { throw place(nil).error("the file is larger than 256 KiB") }
    var source = ThemeSource()
    guard let root = try compose(yaml) else { return source }
    for (key, value) in try mapping(root, "a theme") {
      try readSection(key, value, into: &source)
    }
    return source
  }

  private func readSection(_ key: Node, _ value: Node, into source: inout ThemeSource) throws(ThemeError) {
    let name = try scalar(key).text
    switch name {
    case "name": source.name = try scalar(value).text
    case "inherits": source.inherits = try scalar(value)
    case "palette": source.palette = try palette(value)
    default:
      guard let tier = ThemeTier(rawValue: name) else {
        throw place(key).error("no section '\(name)'; " + NearNames.clause(name, in: Self.sections))
      }
      source.tiers[tier] = try entries(value)
    }
  }

  private func palette(_ node: Node) throws(ThemeError) -> [String: PlacedText] {
    var colors: [String: PlacedText] = [:]
    for (key, value) in try mapping(node, "palette") {
      let text = try scalar(value)
      guard ColorNames.color(text.text) != nil else {
        throw text.place.error(
          "'\(text.text)' is not a colour; use #rrggbb, an ANSI name such as bright-blue, 0 to 255, or default")
      }
      colors[try scalar(key).text] = text
    }
    return colors
  }

  private func entries(_ node: Node) throws(ThemeError) -> [Role: ThemeEntry] {
    var entries: [Role: ThemeEntry] = [:]
    for (key, value) in try mapping(node, "a section of roles") {
      let name = try scalar(key).text
      guard let role = Role(rawValue: name) else {
        let clause = NearNames.clause(name, in: Role.allCases.map(\.rawValue))
        throw place(key).error("there is no such role; \(clause)", role: name)
      }
      entries[role] = try entry(value, role: name)
    }
    return entries
  }

  private func entry(_ node: Node, role: String) throws(ThemeError) -> ThemeEntry {
    if node.scalar != nil { return ThemeEntry(foreground: try scalar(node)) }
    var entry = ThemeEntry()
    for (key, value) in try mapping(node, "a role", role: role) {
      let name = try scalar(key).text
      switch name {
      case "fg": entry.foreground = try scalar(value, role: role)
      case "bg": entry.background = try scalar(value, role: role)
      case "modifiers": entry.attributes = try attributes(value, role: role)
      default:
        throw place(key).error("no property '\(name)'; " + NearNames.clause(name, in: Self.properties), role: role)
      }
    }
    return entry
  }

  private func attributes(_ node: Node, role: String) throws(ThemeError) -> Attributes {
    guard let items = node.sequence.map(Array.init) else {
      return try attribute(node, role: role)
    }
    var all: Attributes = []
    for item in items { all.formUnion(try attribute(item, role: role)) }
    return all
  }

  private func attribute(_ node: Node, role: String) throws(ThemeError) -> Attributes {
    let name = try scalar(node, role: role).text
    guard let found = Self.modifiers.first(where: { $0.name == name }) else {
      let clause = NearNames.clause(name, in: Self.modifiers.map(\.name))
      throw place(node).error("no modifier '\(name)'; \(clause)", role: role)
    }
    return found.attribute
  }
}

extension ThemeReader {
  private func place(_ node: Node?) -> ThemePlace {
    ThemePlace(file: file, line: node?.mark?.line ?? 1, column: node?.mark?.column ?? 1)
  }

  private func scalar(_ node: Node, role: String? = nil) throws(ThemeError) -> PlacedText {
    guard let scalar = node.scalar else { throw place(node).error("a single value is expected here", role: role) }
    return PlacedText(text: scalar.string, place: place(node))
  }

  private func mapping(_ node: Node, _ what: String, role: String? = nil) throws(ThemeError) -> [(Node, Node)] {
    if let scalar = node.scalar, scalar.string.isEmpty { return [] }
    guard let mapping = node.mapping else {
      throw place(node).error("\(what) must be a mapping (name: value)", role: role)
    }
    return mapping.map { ($0.key, $0.value) }
  }

  private func compose(_ yaml: String) throws(ThemeError) -> Node? {
    do { return try Yams.compose(yaml: yaml) } catch { throw translate(error, yaml: yaml) }
  }

  private func translate(_ error: any Error, yaml: String) -> ThemeError {
    guard let error = error as? YamlError else { return place(nil).error("the file cannot be read as YAML") }
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return ThemePlace(file: file, line: mark.line, column: mark.column).error(problem)
    case .duplicatedKeysInMapping(let names, let context):
      return ThemePlace(file: file, line: context.mark.line, column: context.mark.column)
        .error("\(names.joined(separator: ", ")) given twice in the mapping that starts here")
    case .reader(let problem, _, _, _), .writer(let problem), .emitter(let problem), .representer(let problem):
      return place(nil).error(problem)
    case .no, .memory, .dataCouldNotBeDecoded:
      return place(nil).error("the file cannot be read as YAML")
    }
  }
}
