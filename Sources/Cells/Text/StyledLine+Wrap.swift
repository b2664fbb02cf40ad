extension StyledLine {
  /// The cells of each screen row when the line is wrapped at a width; a wide glyph is never split.
  ///
  /// An empty line has one empty row. At a width below 2 a wide glyph still gets a row of its own.
  public func wrap(width: Int) -> [Range<Int>] {
    guard width > 0, cells.count > width else { return [0..<cells.count] }
    var rows: [Range<Int>] = []
    var start = 0
    while start < cells.count {
      let end = rowEnd(start, width)
      rows.append(start..<end)
      start = end
    }
    return rows
  }

  private func rowEnd(_ start: Int, _ width: Int) -> Int {
    guard cells.count - start > width else { return cells.count }
    var end = start + width
    if cells[end].width == 0 { end -= 1 }
    return end > start ? end : min(cells.count, start + 2)
  }
}
