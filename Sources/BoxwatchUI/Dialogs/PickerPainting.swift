import Cells
import Widgets

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
    frame = DialogFrame(model.display, height: most, width: min(Self.most.width, model.width - margin))
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

extension Painter {
  /// Draws the attach list: the filter line and the entries that match.
  mutating func paint(_ picker: Picker) {
    let layout = PickerLayout(model, picker)
    paintBox(layout.frame, "attach")
    let shown = picker.shown
    paintQuery(picker.query, shown: shown.count, of: picker.entries?.count ?? 0, "", layout.query)
    guard !shown.isEmpty else { return paintNothing(picker, layout.rows) }
    let columns = PickerColumns(
      width: layout.rows.width, status: shown.map(\.state.statusWords.count).max() ?? 0,
      box: shown.map { TextWidth.columns(of: $0.box) }.max() ?? 0,
      place: shown.map { TextWidth.columns(of: whereabouts($0)) }.max() ?? 0)
    let chosen = picker.index(in: shown)
    let top = PickerLayout.top(chosen, of: shown.count, height: layout.rows.height)
    for (line, entry) in shown.dropFirst(top).prefix(layout.rows.height).enumerated() {
      let place = Rect(
        row: layout.rows.row + line, column: layout.rows.column, height: 1, width: layout.rows.width)
      paint(entry, columns, place)
      if top + line == chosen { choose(place) }
    }
  }

  /// Where an entry is; an entry that has a row is here.
  private func whereabouts(_ entry: PickerEntry) -> String {
    entry.target.id.flatMap { model.index(of: $0) } == nil ? entry.place : "on the screen"
  }

  /// Draws the filter line, with the number of matches at its right end, or the state of the
  /// search.
  mutating func paintQuery(_ query: String, shown: Int, of all: Int, _ state: String, _ place: Rect) {
    guard !place.isEmpty else { return }
    let prompt = " find: "
    var column = place.column
    column += grid.write(prompt, row: place.row, column: column, style: style(.helpKey, on: .dialog), within: place)
    let room = Rect(row: place.row, column: column, height: 1, width: place.right - column)
    var editor = LineEditor()
    editor.insert(query)
    paint(editor, in: room, style(.dialog))
    let numbers = query.isEmpty ? "\(all)" : "\(shown) of \(all)"
    let count = state.isEmpty ? numbers : state
    let end = column + TextWidth.columns(of: query) + 2
    guard all > 0, end + count.count + 1 < place.right else { return }
    writeRight(count + " ", .dim, on: .dialog, row: place.row, end: place.right, within: place)
  }

  private mutating func paintNothing(_ picker: Picker, _ place: Rect) {
    guard !place.isEmpty else { return }
    let words: String
    if picker.entries == nil {
      words = "looking..."
    } else if picker.query.isEmpty {
      words =
        "nothing is running elsewhere, and there are no journals: \(model.keymap.picker.label(of: .cancel)) leaves, and "
        + "\(model.keymap.main.label(of: .start)) starts a command"
    } else {
      let key = model.keymap.picker.label(of: .move(.untypeAll))
      words = "no match for '\(picker.query)': \(key) shows all"
    }
    for (line, text) in WordWrap.lines(words, width: max(1, place.width - 2)).prefix(place.height).enumerated() {
      grid.write(
        text, row: place.row + line, column: place.column + 1, style: style(.dim, on: .dialog), within: place)
    }
  }

  private mutating func paint(_ entry: PickerEntry, _ columns: PickerColumns, _ place: Rect) {
    let badge = StateBadge(entry.state)
    let age = entry.age.map { NumberText.age(nanoseconds: $0) } ?? ""
    var column = place.column + 2
    func cell(_ text: String, _ role: Role, _ width: Int) {
      guard width > 0 else { return }
      let room = Rect(row: place.row, column: column, height: 1, width: min(width - 1, place.right - column))
      grid.write(text, row: place.row, column: column, style: style(role, on: .dialog), within: room)
      column += width
    }
    cell(String(display.isUTF8 ? badge.glyph : badge.ascii), badge.role, 2)
    cell(badge.word, badge.role, PickerColumns.word)
    cell(entry.state.statusWords, badge.role, columns.status)
    cell(age, .text, columns.age)
    cell(entry.box, .dim, columns.box)
    cell(whereabouts(entry), .execAttached, columns.place)
    cell(entry.title, .text, columns.title)
  }

  /// Highlights an entry, with a mark where there is no colour.
  mutating func choose(_ place: Rect) {
    let look = style(.selection)
    let plain = style(.text)
    grid.restyle(place) { style in
      style.background = look.background
      if look.foreground != plain.foreground { style.foreground = look.foreground }
      style.attributes.formUnion(look.attributes)
    }
    var mark = style(.text)
    mark.background = grid[place.row, place.column].style.background
    grid.write(glyph("▸", ">"), row: place.row, column: place.column, style: mark, within: place)
  }
}
