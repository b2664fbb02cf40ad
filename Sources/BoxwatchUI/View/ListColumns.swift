import Cells

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
