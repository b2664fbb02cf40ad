import Cells
import ExecModel

/// Which columns the list has at a width, and how wide they are; 0 for one that is dropped.
struct ListColumns: Hashable, Sendable {
  /// `running`, `signalled`; only `interrupted` needs more.
  static let usualWord = 10
  /// The least the command gets.
  static let smallestCommand = 10
  /// What the mark of whose it is takes.
  static let originMark = 2

  /// The mark, the number and the glyph.
  var head = 0
  /// The word of the state.
  var word = ListColumns.usualWord
  /// The exit status in words.
  var status = 0
  /// The box.
  var box = 0
  /// Whose it is: words, or a mark where there is no room for them.
  var origin = 0
  /// The command: what is left.
  var command = 0
  /// How long.
  var elapsed = 0
  /// Lines.
  var lines = 0
  /// Bytes.
  var bytes = 0
  /// Bytes per second.
  var rate = 0
  /// The sparkline.
  var sparkline = 0
  /// What the command uses: the processor, then the memory.
  var usage = 0
  /// What the whole box uses.
  var boxUsage = 0

  /// The columns of the list's visible rows.
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

  /// The columns of a list this wide, with numbers of so many digits.
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
    // In order of worth: what comes late here goes first when it gets narrow.
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

/// Processor and memory in the list: bars of the last samples, and the last one in numbers.
enum UsageCells {
  private static let bars = 5
  private static let processorText = 5
  private static let memoryText = 6
  /// What the word before a box's takes.
  static let boxMark = 5
  /// All of it: bars with a free column on each side, numbers with one behind.
  static let width = 2 * (bars + 2) + (processorText + 1) + (memoryText + 1)

  /// The cells of a history; empty ones where nothing was measured.
  ///
  /// The processor's bars are full for one whole processor, or for the most that was used when that was more: so quiet
  /// commands look quiet, and two can be compared. Memory's are scaled to the most there was.
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

  /// `3%`, `250%`: hundredths of one processor.
  private static func percent(_ thousandths: UInt64) -> String { "\((thousandths &+ 5) / 10)%" }
}

/// A row of small bars for the last buckets of a history.
enum Sparkline {
  private static let bars: [Character] = Array("▁▂▃▄▅▆▇█")
  private static let ascii: [Character] = Array("._-=+*%#")

  /// The bars, newest at the right, scaled to the highest, or to `full` when none is higher; nothing at all for a history
  /// of nothing.
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
