extension Grid {
  /// Draws a border just inside an area, with a title in its upper edge.
  ///
  /// - Parameters:
  ///   - rect: the area; below two rows or columns nothing is drawn.
  ///   - style: the border's look.
  ///   - ascii: `+`, `-` and `|` instead of line-drawing characters, for a terminal without UTF-8.
  ///   - title: written with a blank on both sides, cut where it does not fit.
  ///   - titleStyle: the title's look, the border's when absent.
  public mutating func box(
    _ rect: Rect, style: Style = .plain, ascii: Bool = false, title: String = "", titleStyle: Style? = nil
  ) {
    guard rect.height >= 2, rect.width >= 2 else { return }
    let line = ascii ? BorderGlyphs.ascii : .light
    let bottom = rect.bottom - 1
    let right = rect.right - 1
    fill(Rect(row: rect.row, column: rect.column, height: 1, width: rect.width), with: line.horizontal, style: style)
    fill(Rect(row: bottom, column: rect.column, height: 1, width: rect.width), with: line.horizontal, style: style)
    fill(Rect(row: rect.row, column: rect.column, height: rect.height, width: 1), with: line.vertical, style: style)
    fill(Rect(row: rect.row, column: right, height: rect.height, width: 1), with: line.vertical, style: style)
    corner(rect.row, rect.column, line.topLeft, style)
    corner(rect.row, right, line.topRight, style)
    corner(bottom, rect.column, line.bottomLeft, style)
    corner(bottom, right, line.bottomRight, style)
    guard !title.isEmpty, rect.width > 4 else { return }
    let room = Rect(row: rect.row, column: rect.column + 1, height: 1, width: rect.width - 2)
    write(" \(title) ", row: rect.row, column: rect.column + 1, style: titleStyle ?? style, within: room)
  }

  private mutating func corner(_ row: Int, _ column: Int, _ glyph: Unicode.Scalar, _ style: Style) {
    fill(Rect(row: row, column: column, height: 1, width: 1), with: glyph, style: style)
  }
}
