/// A table of plain text: columns as wide as their widest cell, two spaces between them.
struct TextTable {
  /// Which edge the cells of a column keep to.
  enum Edge {
    case left
    case right
  }

  /// A column's head and edge.
  struct Column {
    let head: String
    let edge: Edge

    init(_ head: String, _ edge: Edge = .right) {
      self.head = head
      self.edge = edge
    }
  }

  private let columns: [Column]
  private var rows: [[String]] = []

  init(_ columns: [Column]) { self.columns = columns }

  /// Adds a row; cells that are missing are empty, and those too many are left out.
  mutating func add(_ cells: [String]) { rows.append(cells) }

  /// The head and the rows, without spaces at their ends.
  var lines: [String] { ([columns.map(\.head)] + rows).map(line) }

  private func line(_ cells: [String]) -> String {
    let padded = zip(columns.indices, cells).map { index, cell in
      let space = String(repeating: " ", count: max(0, width(index) - cell.count))
      return columns[index].edge == .left ? cell + space : space + cell
    }
    let text = padded.joined(separator: "  ")
    return text.lastIndex { $0 != " " }.map { String(text[...$0]) } ?? ""
  }

  private func width(_ column: Int) -> Int {
    rows.reduce(columns[column].head.count) { widest, row in
      row.indices.contains(column) ? max(widest, row[column].count) : widest
    }
  }
}
