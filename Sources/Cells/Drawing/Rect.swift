/// A rectangle of cells; rows and columns count from 0, a negative extent is taken as 0.
public struct Rect: Hashable, Sendable {
  /// First row.
  public var row: Int
  /// First column.
  public var column: Int
  /// Number of rows.
  public var height: Int
  /// Number of columns.
  public var width: Int

  /// Makes a rectangle.
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
  /// Whether there is no cell in it.
  public var isEmpty: Bool { height == 0 || width == 0 }

  /// Whether the cell is inside.
  public func contains(row: Int, column: Int) -> Bool {
    (self.row..<bottom).contains(row) && (self.column..<right).contains(column)
  }

  /// The part that both rectangles cover, empty when there is none.
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

  /// A sum that stops at the largest number, so that no rectangle can trap.
  private static func sum(_ start: Int, _ extent: Int) -> Int {
    let (sum, overflows) = start.addingReportingOverflow(extent)
    return overflows ? .max : sum
  }
}
