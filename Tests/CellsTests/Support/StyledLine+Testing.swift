import Cells

extension StyledLine {
  /// Decodes the UTF-8 of a text.
  static func of(_ text: String, style: Style = .plain, columnLimit: Int = 4096) -> StyledLine {
    decode(Array(text.utf8), style: style, columnLimit: columnLimit)
  }

  /// The line as it would be read on a screen.
  var text: String { cells.map(\.text).joined() }
}
