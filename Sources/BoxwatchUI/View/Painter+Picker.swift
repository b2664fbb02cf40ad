import Cells

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
        "nothing is running elsewhere, and there are no journals: \(model.keymap.label(of: .cancel, in: .picker)) leaves, and "
        + "\(model.keymap.label(of: .start, in: .main)) starts a command"
    } else {
      let key = model.keymap.label(of: .deleteToStart, in: .picker)
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
    cell(String(model.isUTF8 ? badge.glyph : badge.ascii), badge.role, 2)
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
