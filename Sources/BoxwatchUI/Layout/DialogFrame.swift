import Cells

/// The frame of a dialog: centred, and inside the screen.
struct DialogFrame: Hashable, Sendable {
  /// The area including the border.
  var outer: Rect
  /// The area without the border.
  var inner: Rect { outer.inset(by: 1) }

  /// Creates a frame for an inner size, as far as it fits on the screen.
  init(_ model: Model, height: Int, width: Int) {
    let height = min(height + 2, max(0, model.height - 1))
    let width = min(width + 2, model.width)
    outer = Rect(
      row: max(0, (model.height - 1 - height) / 2), column: max(0, (model.width - width) / 2), height: height,
      width: width)
  }

  /// The frame of a menu.
  init(_ model: Model, menu: Menu) {
    let widest = menu.items.map { TextWidth.columns(of: $0.label) }.max() ?? 0
    self.init(model, height: menu.items.count, width: max(24, widest + 2))
  }

  /// The frame of a confirmation, with its two buttons in the last row.
  init(_ model: Model, question: [String]) {
    let widest = question.map { TextWidth.columns(of: $0) }.max() ?? 0
    self.init(model, height: question.count + 2, width: max(32, widest + 2))
  }

  /// The frame of the start prompt.
  init(startPromptOf model: Model) { self.init(model, height: 5, width: 76) }

  /// The frame of the help page.
  init(helpOf model: Model, lines: Int) { self.init(model, height: lines, width: 72) }

  /// The first item that a menu shows, so that the selected one is visible.
  func menuTop(_ menu: Menu) -> Int {
    min(max(0, menu.index - inner.height / 2), max(0, menu.items.count - inner.height))
  }

  /// The width of a button with a blank after it: `[kill and quit] `.
  static let buttonWidth = 16

  /// The area of the confirming button.
  var yesButton: Rect { button(at: 1) }
  /// The area of the cancelling button.
  var noButton: Rect { button(at: 1 + min(Self.buttonWidth, inner.width / 2)) }

  private func button(at column: Int) -> Rect {
    Rect(
      row: inner.bottom - 1, column: inner.column + column, height: inner.height > 0 ? 1 : 0,
      width: min(Self.buttonWidth - 1, inner.width / 2 - 1))
  }
}

/// The layout of the box list: the filter line, the boxes, and the lines about the selected one.
struct BoxPickerLayout: Hashable, Sendable {
  /// The maximum size; a smaller one would look like a mistake.
  private static let most = (height: 30, width: 110)
  private static let fewest = 6
  /// The rows about the selected box, without and with the reasons for missing abilities.
  private static let about = (short: 2, long: 6)

  /// The dialog.
  var frame: DialogFrame
  /// The filter line.
  var query: Rect
  /// The boxes.
  var rows: Rect
  /// The lines about the selected box.
  var about: Rect

  /// The layout on a model's screen.
  init(_ model: Model, _ picker: BoxPicker) {
    let wanted = max(Self.fewest, model.boxes.count) + 1
    let below = picker.explains ? Self.about.long : Self.about.short
    frame = DialogFrame(
      model, height: min(Self.most.height, max(3, model.height - 7), wanted + below),
      width: min(Self.most.width, model.width - (model.width >= 60 ? 6 : 2)))
    let inner = frame.inner
    let aboutHeight = min(below, max(0, inner.height - 4))
    query = Rect(row: inner.row, column: inner.column, height: min(1, inner.height), width: inner.width)
    rows = Rect(
      row: inner.row + 1, column: inner.column, height: max(0, inner.height - 1 - aboutHeight), width: inner.width)
    about = Rect(row: rows.bottom, column: inner.column, height: aboutHeight, width: inner.width)
  }
}

/// The layout of the attach list: in the middle of the screen, no larger than useful.
struct PickerLayout: Hashable, Sendable {
  /// The maximum size; a smaller one would look like a mistake.
  private static let most = (height: 30, width: 140)
  private static let fewest = 6

  /// The dialog.
  var frame: DialogFrame
  /// The filter line.
  var query: Rect
  /// The entries.
  var rows: Rect

  /// Creates the layout on a model's screen: high enough for all entries, with a fixed top.
  init(_ model: Model, _ picker: Picker) {
    let margin = model.width >= 60 ? 6 : 2
    let most = min(Self.most.height, max(3, model.height - 7))
    frame = DialogFrame(model, height: most, width: min(Self.most.width, model.width - margin))
    let wanted = max(Self.fewest, picker.entries?.count ?? 0) + 3
    frame.outer.height = min(frame.outer.height, wanted)
    let inner = frame.inner
    query = Rect(row: inner.row, column: inner.column, height: min(1, inner.height), width: inner.width)
    rows = Rect(
      row: inner.row + 1, column: inner.column, height: max(0, inner.height - 1), width: inner.width)
  }

  /// The first entry shown, so that the selected one is visible.
  static func top(_ chosen: Int, of count: Int, height: Int) -> Int {
    min(max(0, chosen - height / 2), max(0, count - height))
  }
}

/// The columns of the attach list at a given width; 0 for a column that is left out.
struct PickerColumns: Hashable, Sendable {
  /// The selection mark and the glyph.
  static let head = 4
  /// `interrupted`.
  static let word = 12
  /// The minimum width of the command, also when the exit status is shown beside it.
  private static let smallestTitle = 12
  private static let comfortableTitle = 36

  /// The exit status in words.
  var status = 0
  /// The age.
  var age = 0
  /// The box.
  var box = 0
  /// The place.
  var place = 0
  /// The command: the remaining width.
  var title = 0

  /// Creates the columns for a width.
  init(width: Int, status widestStatus: Int, box widestBox: Int, place widestPlace: Int) {
    var rest = width - Self.head - Self.word - Self.smallestTitle
    func take(_ wanted: Int) -> Int {
      guard wanted > 0, rest >= wanted else { return 0 }
      rest -= wanted
      return wanted
    }
    // In order of importance: columns added last are left out first on a narrow screen.
    age = take(10)
    place = take(min(32, max(5, widestPlace)) + 2)
    box = take(min(14, max(3, widestBox)) + 2)
    let wanted = widestStatus == 0 ? 0 : min(20, widestStatus) + 2
    if rest + Self.smallestTitle - wanted >= Self.comfortableTitle { status = take(wanted) }
    title = max(0, min(width - Self.head - Self.word, rest + Self.smallestTitle))
  }
}
