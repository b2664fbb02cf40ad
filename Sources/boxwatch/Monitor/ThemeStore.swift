import BoxwatchUI
import Console
import Glibc
import SystemPackage
import Widgets

/// The available themes: files of the user take precedence over built-in themes.
struct ThemeStore {
  /// A theme that can be selected.
  struct Entry {
    /// The name, as `--theme` takes it.
    let name: String
    /// `built in`, or the file's path.
    let origin: String
  }

  private static let shipped: [String: [UInt8]] = [
    "gruvbox-dark": PackageResources.gruvbox_dark_yaml,
    "modus-vivendi-tritanopia": PackageResources.modus_vivendi_tritanopia_yaml,
    "mono": PackageResources.mono_yaml,
    "nord": PackageResources.nord_yaml,
    "solarized-light": PackageResources.solarized_light_yaml,
    "terminal": PackageResources.terminal_yaml,
  ]

  /// The default theme.
  static let standard = "terminal"

  private let folder = try? Directories.configuration().appending("themes")

  /// Every theme by name; a user's file hides a built-in theme of the same name.
  func list() -> [Entry] {
    var origins = Self.shipped.mapValues { _ in "built in" }
    for name in userNames() { origins[name] = file(name)?.string ?? "" }
    return origins.sorted { $0.key < $1.key }.map { Entry(name: $0.key, origin: $0.value) }
  }

  /// Reads a theme by name.
  ///
  /// - Throws: a ``/Widgets/ThemeError`` with the position, or a ``/Console/Failure`` when there is no theme of that
  ///   name.
  func theme(named name: String) throws -> Theme {
    guard let text = try text(name) else {
      throw Failure("there is no theme '\(name)'; the themes are \(list().map(\.name).joined(separator: ", "))")
    }
    let origin = userNames().contains(name) ? file(name)?.string ?? name : "\(name).yaml"
    return try Theme(yaml: text, file: origin) { parent in try? self.text(parent) }
  }

  /// Every theme that can be read, for the picker.
  func readable() -> [Theme] { list().compactMap { try? theme(named: $0.name) } }

  private func text(_ name: String) throws -> String? {
    if Self.isPlain(name), let file = file(name), let text = try TextFile.read(file) { return text }
    return Self.shipped[name].map { String(decoding: $0, as: UTF8.self) }
  }

  /// A name is not a path: files outside the theme folder are not read.
  private static func isPlain(_ name: String) -> Bool { !name.isEmpty && !name.contains("/") && !name.hasPrefix(".") }

  private func file(_ name: String) -> FilePath? { folder?.appending("\(name).yaml") }

  private func userNames() -> [String] {
    guard let folder, let entries = opendir(folder.string) else { return [] }
    defer { closedir(entries) }
    var names: [String] = []
    while let entry = readdir(entries) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name.hasSuffix(".yaml"), Self.isPlain(name) { names.append(String(name.dropLast(5))) }
    }
    return names
  }
}
