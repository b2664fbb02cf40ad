extension Grid {
  /// Writes a text rightwards from a cell and returns the columns used inside.
  ///
  /// Text that does not fit is cut; a wide glyph that only half fits, or whose other half was
  /// overwritten, becomes a blank. Control, bidi and invisible scalars are written as visible text.
  @discardableResult
  public mutating func write(
    _ text: String, row: Int, column: Int, style: Style = .plain, within: Rect? = nil
  ) -> Int {
    let area = bounds.intersection(within ?? bounds)
    guard (area.row..<area.bottom).contains(row), column < area.right else { return 0 }
    let (room, isCut) = area.right.subtractingReportingOverflow(column)
    var glyphs = GlyphRow(limit: isCut ? .max : room)
    for scalar in text.unicodeScalars {
      if glyphs.column >= room, ScalarRole.of(scalar).beginsGlyph { break }
      glyphs.set(scalar, style)
    }
    return put(glyphs.cells[...], row: row, column: column, within: area)
  }

  /// Writes cells rightwards from a cell and returns the columns used inside; cut like
  /// ``write(_:row:column:style:within:)``.
  @discardableResult
  public mutating func put(_ cells: ArraySlice<Cell>, row: Int, column: Int, within: Rect? = nil) -> Int {
    let area = bounds.intersection(within ?? bounds)
    guard !area.isEmpty, (area.row..<area.bottom).contains(row), column < area.right else { return 0 }
    let skipped = column < area.column ? area.column &- column : 0
    guard skipped >= 0, skipped < cells.count else { return 0 }
    let first = column + skipped
    let visible = cells.dropFirst(skipped).prefix(area.right - first)
    place(visible, row: row, column: first)
    return visible.count
  }

  /// Writes cells rightwards from a cell; see the slice's version.
  @discardableResult
  public mutating func put(_ cells: [Cell], row: Int, column: Int, within: Rect? = nil) -> Int {
    put(cells[...], row: row, column: column, within: within)
  }

  /// Blanks an area.
  public mutating func fill(_ rect: Rect, style: Style) { fill(rect, with: " ", style: style) }

  /// Fills an area with one narrow character; any other becomes a space.
  public mutating func fill(_ rect: Rect, with scalar: Unicode.Scalar, style: Style) {
    let area = bounds.intersection(rect)
    guard !area.isEmpty else { return }
    let cell = Cell(scalar: ScalarRole.of(scalar) == .narrow ? scalar : " ", style: style)
    for row in area.row..<area.bottom {
      splitGlyphs(row: row, from: area.column, to: area.right)
      let start = row * width + area.column
      for index in start..<start + area.width { cells[index] = cell }
    }
  }

  /// Changes the style of an area without its text; both halves of a wide glyph take the style of
  /// the left one.
  public mutating func restyle(_ rect: Rect, _ change: (inout Style) -> Void) {
    let area = bounds.intersection(rect)
    guard !area.isEmpty else { return }
    for row in area.row..<area.bottom {
      let start = row * width
      for index in start + area.column..<start + area.right { change(&cells[index].style) }
      followLeftHalf(row: row, column: area.column)
      followLeftHalf(row: row, column: area.right)
    }
  }
}

extension Grid {
  /// Copies cells that fit, without leaving half glyphs.
  private mutating func place(_ visible: ArraySlice<Cell>, row: Int, column: Int) {
    splitGlyphs(row: row, from: column, to: column + visible.count)
    var index = row * width + column
    let end = index + visible.count
    for cell in visible {
      cells[index] = cell
      index += 1
    }
    let start = row * width + column
    if cells[start].width == 0 { cells[start] = .blank(cells[start].style) }
    if cells[end - 1].width == 2 { cells[end - 1] = .blank(cells[end - 1].style) }
  }

  /// Gives the right half of a wide glyph the style of its left half.
  private mutating func followLeftHalf(row: Int, column: Int) {
    let index = row * width + column
    guard column > 0, column < width, cells[index].width == 0 else { return }
    cells[index].style = cells[index - 1].style
  }

  /// Blanks the halves that remain outside when columns of a row are overwritten.
  private mutating func splitGlyphs(row: Int, from column: Int, to end: Int) {
    let start = row * width
    if column > 0, cells[start + column].width == 0 {
      cells[start + column - 1] = .blank(cells[start + column - 1].style)
    }
    if end < width, cells[start + end].width == 0 { cells[start + end] = .blank(cells[start + end].style) }
  }
}

extension Grid {
  /// One row as text with trailing blanks; empty when there is no such row.
  public func text(row: Int) -> String {
    guard (0..<height).contains(row) else { return "" }
    var view = String.UnicodeScalarView()
    for cell in cells[row * width..<(row + 1) * width] { view.append(contentsOf: cell.text.unicodeScalars) }
    return String(view)
  }

  /// All rows as text without trailing blanks, joined by newlines.
  public var plainText: String {
    (0..<height).map { row in
      var text = text(row: row)
      while text.last == " " { text.removeLast() }
      return text
    }.joined(separator: "\n")
  }
}

extension Grid {
  /// Draws a border just inside an area, with a title in its top edge.
  ///
  /// - Parameters:
  ///   - rect: the area; below two rows or columns nothing is drawn.
  ///   - style: the border's style.
  ///   - ascii: `+`, `-` and `|` instead of line-drawing characters, for a terminal without UTF-8.
  ///   - title: written with a blank on both sides, cut where it does not fit.
  ///   - titleStyle: the title's style; the border's when nil.
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

/// The characters of a border.
struct BorderGlyphs {
  var horizontal: Unicode.Scalar
  var vertical: Unicode.Scalar
  var topLeft: Unicode.Scalar
  var topRight: Unicode.Scalar
  var bottomLeft: Unicode.Scalar
  var bottomRight: Unicode.Scalar

  /// Light line-drawing characters, U+2500 and its neighbours.
  static let light = BorderGlyphs(
    horizontal: "─", vertical: "│", topLeft: "┌", topRight: "┐", bottomLeft: "└", bottomRight: "┘")
  /// ASCII characters, for every terminal.
  static let ascii = BorderGlyphs(
    horizontal: "-", vertical: "|", topLeft: "+", topRight: "+", bottomLeft: "+", bottomRight: "+")
}
