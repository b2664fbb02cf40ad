/// A row of cells into which text is set, scalar by scalar, at a movable column.
///
/// It implements the rules for sharing a cell; both a program's output and the user interface's own
/// text pass through it, so no cell ever holds a scalar of ``ScalarRole/hostile``.
struct GlyphRow {
  /// The cells set so far; at most `limit`.
  private(set) var cells: [Cell] = []
  /// Where the next glyph goes; may be past the limit, where nothing is kept.
  private(set) var column = 0
  private let limit: Int
  /// Whether the glyph before the column was set last, so that a combining scalar applies to it.
  private var joinable = false

  /// Whether not even a combining scalar would be visible.
  var isPastLimit: Bool { column > limit }

  /// An empty row of at most `limit` columns.
  init(limit: Int) { self.limit = max(0, limit) }

  /// Sets one scalar, or its visible text when it may not be in a cell.
  mutating func set(_ scalar: Unicode.Scalar, _ style: Style) {
    switch ScalarRole.of(scalar) {
    case .narrow: place(scalar, width: 1, style)
    case .wide: place(scalar, width: 2, style)
    case .combining: combine(scalar, style)
    case .joiner: join(scalar, style)
    case .emojiVariation: widen(style)
    case .ideographicVariation: if base?.width == 2 { combine(scalar, style) } else { show(scalar, style) }
    case .regionalIndicator: if isHalfFlag { combine(scalar, style) } else { place(scalar, width: 2, style) }
    case .hostile: show(scalar, style)
    }
  }

  /// Sets a run of printable ASCII, the common case, without checking each scalar's role.
  mutating func set(ascii run: some Sequence<UInt8>, _ style: Style) {
    for byte in run { place(Unicode.Scalar(byte), width: 1, style) }
  }

  /// Sets `\xNN` for a byte that is not part of valid UTF-8.
  mutating func set(badByte byte: UInt8, _ style: Style) {
    let style = style.marked
    VisibleText.forEach(ofBadByte: byte) { place(Unicode.Scalar($0), width: 1, style) }
    joinable = false
  }

  /// Sets the visible text of a scalar that may not be in a cell.
  mutating func show(_ scalar: Unicode.Scalar, _ style: Style) {
    let style = style.marked
    VisibleText.forEach(of: scalar) { place(Unicode.Scalar($0), width: 1, style) }
    joinable = false
  }

  /// Moves to the next multiple of eight columns, as a terminal does; existing cells stay.
  mutating func tab() {
    column = (column / 8 + 1) * 8
    while cells.count < min(column, limit) { cells.append(.blank()) }
    joinable = false
  }

  /// Moves to the first column.
  mutating func carriageReturn() {
    column = 0
    joinable = false
  }

  /// Moves one column to the left, not past the first.
  mutating func backspace() {
    column = max(0, column - 1)
    joinable = false
  }
}

extension GlyphRow {
  private var baseIndex: Int? {
    guard joinable, column > 0, column <= cells.count else { return nil }
    let index = column - 1
    return cells[index].width == 0 ? index - 1 : index
  }

  private var base: Cell? { baseIndex.map { cells[$0] } }

  private var isHalfFlag: Bool {
    guard let base else { return false }
    return (0x1F1E6...0x1F1FF).contains(base.scalars[0]) && base.scalars[1] == 0
  }

  private mutating func place(_ scalar: Unicode.Scalar, width: Int, _ style: Style) {
    let start = column
    column += width
    joinable = column <= limit
    guard start < limit else { return }
    guard column <= limit else {
      // Half of a wide glyph is never shown.
      write(.blank(style), at: start)
      return
    }
    write(Cell(scalars: GlyphScalars(scalar.value), style: style, width: UInt8(width)), at: start)
    if width == 2 { write(.continuation(style), at: start + 1, isRightHalf: true) }
  }

  private mutating func write(_ cell: Cell, at index: Int, isRightHalf: Bool = false) {
    guard index < cells.count else {
      cells.append(cell)
      return
    }
    if !isRightHalf, cells[index].width == 0, index > 0 { cells[index - 1] = .blank(cells[index - 1].style) }
    if cells[index].width == 2, index + 1 < cells.count { cells[index + 1] = .blank(cells[index + 1].style) }
    cells[index] = cell
  }

  /// Adds a scalar to the previous glyph, or to a dotted circle when there is none.
  ///
  /// A cell's sixth scalar and later are dropped.
  private mutating func combine(_ scalar: Unicode.Scalar, _ style: Style) {
    if column > limit { return }
    if baseIndex == nil { place("\u{25CC}", width: 1, style) }
    guard let index = baseIndex else { return }
    for slot in 1..<5 where cells[index].scalars[slot] == 0 {
      cells[index].scalars[slot] = scalar.value
      return
    }
  }

  /// Keeps a joiner inside scripts that need it, drops it between emoji, whose parts are shown side
  /// by side, and makes it visible elsewhere.
  private mutating func join(_ scalar: Unicode.Scalar, _ style: Style) {
    switch base?.scalars[0] ?? 0 {
    case 0x600..<0x2000: combine(scalar, style)
    case 0x2000...: if scalar.value != 0x200D { show(scalar, style) }
    default: show(scalar, style)
    }
  }

  /// Widens the previous glyph to its emoji form, two columns wide, if it has one.
  private mutating func widen(_ style: Style) {
    guard let index = baseIndex else {
      if column <= limit { show("\u{FE0F}", style) }
      return
    }
    let cell = cells[index]
    guard cell.width == 1, cell.scalars[1] == 0,
      WidthTable.contains(WidthTable.emojiVariation, cell.scalars[0])
    else { return }
    guard column < limit else {
      cells[index] = .blank(cell.style)
      column += 1
      joinable = false
      return
    }
    cells[index].scalars[1] = 0xFE0F
    cells[index].width = 2
    write(.continuation(cell.style), at: column, isRightHalf: true)
    column += 1
  }
}

extension Cell {
  /// Whether nothing in the cell could change, hide or reorder what a terminal shows.
  ///
  /// Every cell written by ``Grid`` and ``StyledLine`` is drawable; a cell created directly may
  /// hold anything.
  public var isDrawable: Bool {
    if scalars[1] == 0, (0x20..<0x7F).contains(scalars[0]) { return width == 1 }
    if scalars == .none { return width == 0 }
    guard width == 1 || width == 2, scalars[0] != 0 else { return false }
    return (0..<8).allSatisfy { index in
      guard scalars[index] != 0 else { return true }
      guard let scalar = Unicode.Scalar(scalars[index]) else { return false }
      return ScalarRole.of(scalar) != .hostile
    }
  }
}
