import Cells
import ExecModel

/// One line of the list, as cells from left to right.
struct ListRow: Hashable, Sendable {
  /// A text in a column.
  struct Cell: Hashable, Sendable {
    /// The text; cut where it does not fit.
    var text: String
    /// How it looks.
    var role: Role
    /// Columns, the one free at the right included; 0 for a column that is dropped.
    var width: Int
    /// Whether it ends at the right.
    var isRight = false
  }

  /// The cells.
  private(set) var cells: [Cell] = []

  /// The line of an execution.
  ///
  /// - Parameter tellsBox: whether what its box uses is shown here.
  init(_ row: ExecutionRow, _ model: Model, _ columns: ListColumns, tellsBox: Bool = false) {
    let badge = row.badge
    cells = [
      Cell(text: String(row.number), role: .text, width: columns.head - 2, isRight: true),
      Cell(text: String(model.isUTF8 ? badge.glyph : badge.ascii), role: badge.role, width: 2),
      Cell(text: badge.word, role: badge.role, width: columns.word),
      Cell(text: row.statusWords, role: badge.role, width: columns.status),
      Cell(text: row.boxTitle, role: .dim, width: columns.box),
      Cell(
        text: columns.origin > ListColumns.originMark ? row.origin.words : row.origin.mark, role: .execAttached,
        width: columns.origin),
      Cell(text: row.title, role: .text, width: columns.command),
      Cell(
        text: NumberText.clock(nanoseconds: row.elapsed(now: model.now)), role: .text, width: columns.elapsed,
        isRight: true),
    ]
    let note = row.note
    // A note is worth more than the counts: it takes their place where the columns behind them are too narrow for it.
    let isWide = TextWidth.columns(of: note) + 2 > columns.rate + columns.sparkline
    if note.isEmpty || !isWide { addCounts(row, columns) }
    if note.isEmpty {
      addRate(row, columns, isUTF8: model.isUTF8)
    } else {
      let counts = isWide ? columns.lines + columns.bytes : 0
      let role: Role = row.isDone ? .truncated : badge.role
      cells.append(Cell(text: "  " + note, role: role, width: counts + columns.rate + columns.sparkline))
    }
    guard !row.isOver, !row.isWaiting else { return }
    if columns.usage > 0 { cells += UsageCells.cells(row.usage, isUTF8: model.isUTF8) }
    if columns.boxUsage > 0, tellsBox, let usage = model.boxUsages[row.box] {
      cells.append(Cell(text: " box", role: .dim, width: UsageCells.boxMark))
      cells += UsageCells.cells(usage, isUTF8: model.isUTF8)
    }
  }

  private mutating func addCounts(_ row: ExecutionRow, _ columns: ListColumns) {
    cells.append(Cell(text: NumberText.shortLines(row.totalLines), role: .text, width: columns.lines, isRight: true))
    cells.append(Cell(text: NumberText.bytes(row.totalBytes), role: .dim, width: columns.bytes, isRight: true))
  }

  private mutating func addRate(_ row: ExecutionRow, _ columns: ListColumns, isUTF8: Bool) {
    let rate = row.isOver ? "" : NumberText.bytes(row.rate.bytesPerSecond) + "/s"
    cells.append(Cell(text: rate, role: .dim, width: columns.rate, isRight: true))
    let bars = Sparkline.text(row.rate.buckets, width: max(0, columns.sparkline - 3), isUTF8: isUTF8)
    cells.append(Cell(text: "  " + bars, role: .graph, width: columns.sparkline))
  }
}
