import Cells
import ExecModel
import Widgets

/// The columns of the list at a given width, with their widths; 0 for a column that is left out.
struct ListColumns: Hashable, Sendable {
  /// `running`, `signalled`; only `interrupted` is longer.
  static let usualWord = 10
  /// The minimum width of the command.
  static let smallestCommand = 10
  /// The width of the origin mark.
  static let originMark = 2

  /// The selection mark, the number and the glyph.
  var head = 0
  /// The word of the state.
  var word = ListColumns.usualWord
  /// The exit status in words.
  var status = 0
  /// The box.
  var box = 0
  /// The origin: words, or a mark where words do not fit.
  var origin = 0
  /// The command: the remaining width.
  var command = 0
  /// The elapsed time.
  var elapsed = 0
  /// The number of lines.
  var lines = 0
  /// The number of bytes.
  var bytes = 0
  /// Bytes per second.
  var rate = 0
  /// The sparkline.
  var sparkline = 0
  /// The command's usage: processor, then memory.
  var usage = 0
  /// The whole box's usage.
  var boxUsage = 0

  /// Computes the columns for the visible rows.
  init(_ model: Model, rows shown: [Int], width: Int) {
    let rows = shown.map { model.rows[$0] }
    self.init(
      width: width, digits: String(model.rows.last?.number ?? 0).count,
      word: rows.map(\.badge.word.count).max() ?? 0,
      status: rows.map { TextWidth.columns(of: $0.statusWords) }.max() ?? 0,
      box: rows.map { TextWidth.columns(of: $0.boxTitle) }.max() ?? 0,
      origin: rows.map { TextWidth.columns(of: $0.origin.words) }.max() ?? 0,
      command: rows.map { TextWidth.columns(of: $0.title) }.max() ?? 0,
      hasBoxUsage: rows.contains { !$0.isOver && model.boxUsages[$0.box] != nil })
  }

  /// Computes the columns for a width and a number of digits.
  init(
    width: Int, digits: Int, word widestWord: Int = 0, status widestStatus: Int, box widestBox: Int,
    origin widestOrigin: Int = 0, command widestCommand: Int, hasBoxUsage: Bool = false
  ) {
    head = 2 + digits + 3
    word = max(Self.usualWord, widestWord + 1)
    var rest = width - head - word - Self.smallestCommand
    func take(_ wanted: Int) -> Int {
      guard wanted > 0, rest >= wanted else { return 0 }
      rest -= wanted
      return wanted
    }
    // In order of importance: columns added last are left out first on a narrow screen.
    if widestOrigin > 0 { origin = take(Self.originMark) }
    status = take(min(20, max(7, widestStatus)) + 1)
    elapsed = take(9)
    lines = take(15)
    box = take(min(14, max(3, widestBox)) + 1)
    let wished = min(rest, max(0, min(24, widestCommand + 1) - Self.smallestCommand))
    rest -= wished
    if origin > 0 { origin += take(min(24, widestOrigin) + 1 - origin) }
    rate = take(12)
    sparkline = take(14)
    bytes = take(9)
    usage = take(UsageCells.width)
    if hasBoxUsage { boxUsage = take(UsageCells.width + UsageCells.boxMark) }
    command = max(0, min(width - head - word, rest + wished + Self.smallestCommand))
  }
}

/// One line of the list, as cells from left to right.
struct ListRow: Hashable, Sendable {
  /// A text in a column.
  struct Cell: Hashable, Sendable {
    /// The text, truncated to the width.
    var text: String
    /// The role that styles it.
    var role: Role
    /// The width in columns, including one blank at the right; 0 for a column that is left out.
    var width: Int
    /// Whether it is right-aligned.
    var isRight = false
  }

  /// The cells.
  private(set) var cells: [Cell] = []

  /// Creates the line of an execution.
  ///
  /// - Parameter tellsBox: whether the usage of its box is shown in this line.
  init(_ row: ExecutionRow, _ model: Model, _ columns: ListColumns, tellsBox: Bool = false) {
    let badge = row.badge
    cells = [
      Cell(text: String(row.number), role: .text, width: columns.head - 2, isRight: true),
      Cell(text: String(model.display.isUTF8 ? badge.glyph : badge.ascii), role: badge.role, width: 2),
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
    // A note is more important than the counts: it takes their place when the columns after them
    // are too narrow for it.
    let isWide = TextWidth.columns(of: note) + 2 > columns.rate + columns.sparkline
    if note.isEmpty || !isWide { addCounts(row, columns) }
    if note.isEmpty {
      addRate(row, columns, isUTF8: model.display.isUTF8)
    } else {
      let counts = isWide ? columns.lines + columns.bytes : 0
      let role: Role = row.isDone ? .truncated : badge.role
      cells.append(Cell(text: "  " + note, role: role, width: counts + columns.rate + columns.sparkline))
    }
    guard !row.isOver, !row.isWaiting else { return }
    if columns.usage > 0 { cells += UsageCells.cells(row.usage, isUTF8: model.display.isUTF8) }
    if columns.boxUsage > 0, tellsBox, let usage = model.boxUsages[row.box] {
      cells.append(Cell(text: " box", role: .dim, width: UsageCells.boxMark))
      cells += UsageCells.cells(usage, isUTF8: model.display.isUTF8)
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

/// Processor and memory usage in the list: bars of the last samples, and the last sample as a
/// number.
enum UsageCells {
  private static let bars = 5
  private static let processorText = 5
  private static let memoryText = 6
  /// The width of the mark before a box's usage.
  static let boxMark = 5
  /// The total width: bars with a blank on each side, numbers with a blank after them.
  static let width = 2 * (bars + 2) + (processorText + 1) + (memoryText + 1)

  /// The cells of a history; empty cells where nothing was measured.
  ///
  /// A processor bar is full at one whole processor, or at the maximum of the history if that is
  /// higher: quiet commands have low bars, and two commands can be compared. Memory bars are scaled
  /// to the maximum of the history.
  static func cells(_ usage: UsageHistory, isUTF8: Bool) -> [ListRow.Cell] {
    let processor = Sparkline.text(usage.processor, width: bars, full: 1000, isUTF8: isUTF8)
    let memory = Sparkline.text(usage.memory, width: bars, isUTF8: isUTF8)
    return [
      ListRow.Cell(text: " " + processor, role: .graphCPU, width: bars + 2),
      ListRow.Cell(text: usage.processor.last.map(percent) ?? "", role: .dim, width: processorText + 1, isRight: true),
      ListRow.Cell(text: " " + memory, role: .graphMemory, width: bars + 2),
      ListRow.Cell(
        text: usage.memory.last.map(NumberText.bytes) ?? "", role: .dim, width: memoryText + 1, isRight: true),
    ]
  }

  /// `3%`, `250%`: percent of one processor.
  private static func percent(_ thousandths: UInt64) -> String { "\((thousandths &+ 5) / 10)%" }
}

/// A row of small bars for the last buckets of a history.
enum Sparkline {
  private static let bars: [Character] = Array("▁▂▃▄▅▆▇█")
  private static let ascii: [Character] = Array("._-=+*%#")

  /// The bars, newest at the right, scaled to the highest, or to `full` when none is higher; empty
  /// when every bucket is empty.
  static func text(_ buckets: [UInt64], width: Int, full: UInt64 = 0, isUTF8: Bool) -> String {
    let shown = buckets.suffix(max(0, width))
    guard let highest = shown.max(), highest > 0 else { return "" }
    let top = Double(max(highest, full))
    let glyphs = isUTF8 ? bars : ascii
    let text = shown.map { value in
      value == 0 ? " " : glyphs[min(7, Int(Double(value) / top * 7.999))]
    }
    return String(repeating: " ", count: max(0, width - shown.count)) + String(text)
  }
}
