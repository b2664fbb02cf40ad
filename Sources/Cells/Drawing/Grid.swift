/// A rectangle of styled cells: what a view draws into, and what a terminal shows.
public struct Grid: Hashable, Sendable {
  /// Number of rows.
  public let height: Int
  /// Number of columns.
  public let width: Int
  /// All cells, row by row.
  public internal(set) var cells: [Cell]
  /// Where the cursor shows, when it does.
  public var cursor: Position?

  /// A place in a grid, counted from 0.
  public struct Position: Hashable, Sendable {
    /// Row, from the top.
    public var row: Int
    /// Column, from the left.
    public var column: Int

    /// Makes a position.
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

  /// One cell; the row and column must be inside.
  public subscript(row: Int, column: Int) -> Cell {
    get { cells[row * width + column] }
    set { cells[row * width + column] = newValue }
  }
}
