import Cells

/// The colour literals of theme files: `""`, `default`, `#rrggbb`, the sixteen ANSI names, and numbers.
enum ColorNames {
  /// The ANSI names in palette order, 0 to 15 (helix writes them the same way).
  static let ansi = [
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
    "bright-black", "bright-red", "bright-green", "bright-yellow",
    "bright-blue", "bright-magenta", "bright-cyan", "bright-white",
  ]

  /// The colour that a literal names; nil when it is none.
  static func color(_ text: String) -> Color? {
    if text.isEmpty || text == "default" { return .standard }
    if text.hasPrefix("#") { return hex(text.dropFirst()) }
    if let index = ansi.firstIndex(of: text), let number = UInt8(exactly: index) { return .indexed(number) }
    if text == "gray" || text == "grey" { return .indexed(8) }
    return UInt8(text).map(Color.indexed)
  }

  private static func hex(_ digits: Substring) -> Color? {
    guard digits.utf8.count == 6, digits.allSatisfy(\.isHexDigit), let value = UInt32(digits, radix: 16) else {
      return nil
    }
    return .rgb(UInt8(value >> 16 & 255), UInt8(value >> 8 & 255), UInt8(value & 255))
  }
}
