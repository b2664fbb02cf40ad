import Cells

extension FuzzTarget {
  /// What commands write: lines with styles, decoded, wrapped and drawn.
  ///
  /// The first two bytes are the limit of columns, in sixteens, and the width.
  static let terminal = FuzzTarget(name: "terminal") { bytes in
    guard bytes.count > 2 else { return }
    let (limit, width) = (16 * Int(bytes[0]), Int(bytes[1]))
    var style = Style.plain
    for line in bytes.dropFirst(2).split(separator: 0x0A, omittingEmptySubsequences: false) {
      let decoded = StyledLine.decode(line, style: style, columnLimit: limit)
      check(decoded, limit: limit, width: width)
      draw(decoded, String(decoding: line, as: UTF8.self), width: width)
      style = decoded.endStyle
    }
  }

  private static func check(_ line: StyledLine, limit: Int, width: Int) {
    precondition(line.cells.count <= limit, "more columns than are wanted")
    for cell in line.cells { check(cell) }
    let rows = line.wrap(width: width)
    precondition(rows.flatMap(Array.init) == Array(line.cells.indices), "wrapping lost or doubled cells")
  }

  /// The title of a command and its output, over each other and beyond the edges.
  private static func draw(_ line: StyledLine, _ text: String, width: Int) {
    var grid = Grid(height: 3, width: width)
    grid.write(text, row: 0, column: 0)
    grid.put(line.cells, row: 1, column: -1)
    grid.put(line.cells, row: 2, column: 0)
    grid.write(text, row: 2, column: width / 2)
    checkWhole(grid)
  }

  /// No cell holds what a terminal would obey, and no half of a wide glyph stands alone.
  static func checkWhole(_ grid: Grid) {
    precondition(grid.cells.count == grid.height * grid.width, "the grid has another size")
    for row in 0..<grid.height {
      var isOpen = false
      for column in 0..<grid.width {
        let cell = grid[row, column]
        check(cell)
        precondition((cell.width == 0) == isOpen, "half a glyph in row \(row), column \(column)")
        isOpen = cell.width == 2
      }
      precondition(!isOpen, "half a glyph at the edge of row \(row)")
    }
  }

  private static func check(_ cell: Cell) {
    for scalar in cell.text.unicodeScalars {
      let isObeyed = [.control, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
      let isBidi = (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
      precondition(!isObeyed && !isBidi, "a cell holds U+\(String(scalar.value, radix: 16))")
    }
  }
}
