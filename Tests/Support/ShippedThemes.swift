import Glibc
public import Widgets

/// The theme files of the repository.
public enum ShippedThemes {
  /// Their names.
  public static let names = ["terminal", "nord", "gruvbox-dark", "solarized-light", "modus-vivendi-tritanopia", "mono"]

  /// A shipped file's text; nil when there is none of that name.
  public static func text(_ name: String, from place: String = #filePath) -> String? {
    let root = place.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
    guard let file = fopen(root + "/Themes/" + name + ".yaml", "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 18)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }

  /// A shipped theme.
  public static func theme(_ name: String) throws -> Theme {
    try Theme(yaml: text(name) ?? "missing: file", file: "Themes/\(name).yaml") { text($0) }
  }
}
