import Cells

/// Text from elsewhere, made fit for a terminal.
enum SafeText {
  /// The text on one line, with what a terminal would obey made visible, and its end cut off where it is too wide.
  static func elided(_ text: String, to width: Int) -> String {
    let columns = TextWidth.columns(of: text)
    guard columns > width else { return visible(text, columns) }
    return visible(text, max(0, width - 3)) + "..."
  }

  private static func visible(_ text: String, _ width: Int) -> String {
    var grid = Grid(height: 1, width: width)
    grid.write(text, row: 0, column: 0)
    return grid.plainText
  }
}
