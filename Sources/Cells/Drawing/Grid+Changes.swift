extension Grid {
  /// A run of cells in one row.
  public struct Span: Hashable, Sendable {
    /// The row.
    public var row: Int
    /// The columns.
    public var columns: Range<Int>

    /// Makes a span.
    public init(row: Int, columns: Range<Int>) {
      self.row = row
      self.columns = columns
    }
  }

  /// For each row that differs from an earlier grid, the columns from the first to the last difference.
  ///
  /// Spans begin and end at whole glyphs. A grid of another size, or none, differs everywhere.
  public func changes(since earlier: Grid?) -> [Span] {
    guard let earlier, earlier.width == width, earlier.height == height else {
      return width == 0 ? [] : (0..<height).map { Span(row: $0, columns: 0..<width) }
    }
    return (0..<height).compactMap { row in
      changedColumns(row: row, since: earlier).map { Span(row: row, columns: $0) }
    }
  }

  private func changedColumns(row: Int, since earlier: Grid) -> Range<Int>? {
    let start = row * width
    guard var first = (0..<width).first(where: { cells[start + $0] != earlier.cells[start + $0] }) else { return nil }
    var last = width - 1
    while cells[start + last] == earlier.cells[start + last] { last -= 1 }
    while first > 0, cells[start + first].width == 0 || earlier.cells[start + first].width == 0 { first -= 1 }
    while last + 1 < width, cells[start + last + 1].width == 0 || earlier.cells[start + last + 1].width == 0 {
      last += 1
    }
    return first..<last + 1
  }
}
