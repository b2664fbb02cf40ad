import BoxLiteServer
import ExecModel
import Yams

/// Reads how `boxwatch serve` waits and what it takes.
///
/// ```yaml
/// serve: {reconnect-grace: 30m, retention: 1h, max-sockets: 200, signals: [INT, TERM]}
/// ```
struct ServeConfiguration {
  /// What was read, in the file's order.
  let changes: [ServerChange]

  /// Reads the mapping under `serve`; an empty one sets nothing.
  ///
  /// - Throws: ``Failure`` with file, line and column.
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
