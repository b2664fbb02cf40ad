/// One character cell: its glyph, its style and its width.
public struct Cell: Hashable, Sendable {
  /// The glyph's scalars; none for the right half of a wide glyph.
  public var scalars: GlyphScalars
  /// The style.
  public var style: Style
  /// The width in columns: 1, 2 for a wide glyph, 0 for the right half of one.
  public var width: UInt8

  /// An empty cell of a style.
  public static func blank(_ style: Style = .plain) -> Cell { Cell(scalar: " ", style: style) }

  /// A cell with one scalar of width 1.
  public init(scalar: Unicode.Scalar, style: Style = .plain) {
    self.init(scalars: GlyphScalars(scalar.value), style: style, width: 1)
  }

  /// A cell from its parts.
  public init(scalars: GlyphScalars, style: Style, width: UInt8) {
    self.scalars = scalars
    self.style = style
    self.width = width
  }

  /// The right half of a wide glyph.
  public static func continuation(_ style: Style) -> Cell { Cell(scalars: .none, style: style, width: 0) }

  /// The glyph as text; empty for the right half of a wide one.
  public var text: String {
    var view = String.UnicodeScalarView()
    for index in 0..<GlyphScalars.count where scalars[index] != 0 {
      if let scalar = Unicode.Scalar(scalars[index]) { view.append(scalar) }
    }
    return String(view)
  }
}

/// A rectangle of cells; rows and columns count from 0, a negative extent counts as 0.
public struct Rect: Hashable, Sendable {
  /// First row.
  public var row: Int
  /// First column.
  public var column: Int
  /// Number of rows.
  public var height: Int
  /// Number of columns.
  public var width: Int

  /// Creates a rectangle.
  public init(row: Int, column: Int, height: Int, width: Int) {
    self.row = row
    self.column = column
    self.height = max(0, height)
    self.width = max(0, width)
  }

  /// The row after the last.
  public var bottom: Int { Self.sum(row, height) }
  /// The column after the last.
  public var right: Int { Self.sum(column, width) }
  /// Whether it contains no cell.
  public var isEmpty: Bool { height == 0 || width == 0 }

  /// Whether the cell is inside.
  public func contains(row: Int, column: Int) -> Bool {
    (self.row..<bottom).contains(row) && (self.column..<right).contains(column)
  }

  /// The intersection of two rectangles; empty when they do not overlap.
  public func intersection(_ other: Rect) -> Rect {
    let top = max(row, other.row)
    let left = max(column, other.column)
    return Rect(
      row: top, column: left,
      height: max(top, min(bottom, other.bottom)) - top, width: max(left, min(right, other.right)) - left)
  }

  /// The rectangle without a border of the given thickness.
  public func inset(by amount: Int) -> Rect {
    Rect(row: row + amount, column: column + amount, height: height - 2 * amount, width: width - 2 * amount)
  }

  /// A saturating sum, so that no rectangle can trap.
  private static func sum(_ start: Int, _ extent: Int) -> Int {
    let (sum, overflows) = start.addingReportingOverflow(extent)
    return overflows ? .max : sum
  }
}

/// A rectangle of styled cells, drawn by a view and shown by a terminal.
public struct Grid: Hashable, Sendable {
  /// Number of rows.
  public let height: Int
  /// Number of columns.
  public let width: Int
  /// All cells, row by row.
  public internal(set) var cells: [Cell]
  /// The cursor's position; nil when it is hidden.
  public var cursor: Position?

  /// A position in a grid, counted from 0.
  public struct Position: Hashable, Sendable {
    /// Row, from the top.
    public var row: Int
    /// Column, from the left.
    public var column: Int

    /// Creates a position.
    public init(row: Int, column: Int) {
      self.row = row
      self.column = column
    }
  }

  /// A blank grid.
  public init(height: Int, width: Int, style: Style = .plain) {
    self.height = max(0, height)
    self.width = max(0, width)
    cells = Array(repeating: .blank(style), count: self.height * self.width)
  }

  /// The whole area.
  public var bounds: Rect { Rect(row: 0, column: 0, height: height, width: width) }

  /// One cell; the row and column must be inside the grid.
  public subscript(row: Int, column: Int) -> Cell {
    get { cells[row * width + column] }
    set { cells[row * width + column] = newValue }
  }
}
