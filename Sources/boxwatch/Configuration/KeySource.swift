import BoxLiteClient
import BoxLiteServer
import Console
import ExecModel
import SystemPackage
import Yams

/// The source of a server's key; the key itself is in no configuration, on no screen and in no
/// journal.
enum KeySource: Hashable, Sendable {
  /// No key.
  case none
  /// The value of a variable.
  case variable(String)
  /// The first line of a file.
  case file(String)

  /// The default variable.
  static let standard = KeySource.variable("BOXLITE_API_KEY")

  /// Parses `$NAME`.
  init?(variable text: String) {
    guard text.hasPrefix("$"), text.count > 1 else { return nil }
    self = .variable(String(text.dropFirst()))
  }

  /// The place where the user gives the key, as part of a sentence.
  var place: String {
    switch self {
    case .none: Self.standard.place
    case .variable(let name): "$" + name
    case .file(let path): "the key file '\(path)'"
    }
  }

  /// The options for a server with a key from this source.
  var options: BoxLiteOptions {
    var options = BoxLiteOptions()
    options.keyPlace = place
    return options
  }

  /// The key; nil when there is none.
  ///
  /// - Throws: ``/Console/Failure`` for a file that cannot be read or is empty.
  func key() throws -> String? {
    switch self {
    case .none: return nil
    case .variable(let name): return Secrets[name]
    case .file(let path):
      guard let text = try TextFile.read(FilePath(path)) else { throw Failure("there is no key file '\(path)'") }
      guard let line = text.split(whereSeparator: \.isNewline).first else {
        throw Failure("the key file '\(path)' is empty")
      }
      return String(line)
    }
  }
}

/// Parses the settings of `boxwatch serve`.
///
/// ```yaml
/// serve: {reconnect-grace: 30m, retention: 1h, max-sockets: 200, signals: [INT, TERM]}
/// ```
struct ServeConfiguration {
  /// The parsed settings, in the file's order.
  let changes: [ServerChange]

  /// Parses the mapping under `serve`; an empty one sets nothing.
  ///
  /// - Throws: ``/Console/Failure`` with file, line and column.
  init(_ node: Node, _ reader: YAMLReader) throws {
    guard node.null == nil else {
      changes = []
      return
    }
    let known = ServerSetting.allCases.map(\.rawValue)
    changes = try reader.mapping(node, "serve", known: known).compactMap { key, value in
      guard let setting = ServerSetting(rawValue: key) else { return nil }
      return try Self.change(setting, value, reader)
    }
  }

  private static func change(_ setting: ServerSetting, _ node: Node, _ reader: YAMLReader) throws -> ServerChange {
    guard setting == .signals, node.sequence != nil else {
      return try reader.value(node, setting.rawValue) { text throws(TextValueError) in try ServerChange(setting, text) }
    }
    let words = try reader.words(node, setting.rawValue)
    do throws(TextValueError) {
      return try ServerChange(setting, words.joined(separator: ","))
    } catch {
      throw reader.complaint(node, "\(setting.rawValue): \(error)")
    }
  }
}
