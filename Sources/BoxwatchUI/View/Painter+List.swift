import Cells
import ExecModel

extension Painter {
  /// The list of executions.
  mutating func paintList() {
    guard let list = layout.list else { return }
    let isFocused = model.focus == .list
    if list != layout.listRows {
      grid.box(
        list, style: style(isFocused ? .borderFocus : .border), ascii: !model.isUTF8, title: "execs",
        titleStyle: style(isFocused ? .titleFocus : .title))
    }
    let area = layout.listRows
    guard !model.rows.isEmpty else {
      let key = model.keymap.label(of: .start, in: .main)
      write(
        [("  nothing runs here yet: ", .dim), (key, .helpKey), (" starts a command", .dim)], row: area.row,
        column: area.column, within: area)
      return
    }
    let shown = ListOrder.visible(model, height: area.height)
    let columns = columns(of: shown, width: area.width)
    for (line, index) in shown.enumerated() {
      let place = Rect(row: area.row + line, column: area.column, height: 1, width: area.width)
      paint(model.rows[index], isSelected: index == model.selection, in: place, columns)
    }
  }

  private func columns(of shown: [Int], width: Int) -> ListColumns {
    let rows = shown.map { model.rows[$0] }
    return ListColumns(
      width: width, digits: String(model.rows.count).count,
      status: rows.map { TextWidth.columns(of: $0.statusWords) }.max() ?? 0,
      box: rows.map { TextWidth.columns(of: $0.box) }.max() ?? 0)
  }

  private mutating func paint(_ row: ExecutionRow, isSelected: Bool, in place: Rect, _ columns: ListColumns) {
    let badge = row.badge
    let digits = columns.head - 5
    let number = String(repeating: " ", count: max(0, digits - String(row.number).count)) + String(row.number)
    let mark = isSelected ? glyph("▸ ", "> ") : "  "
    write(
      [(mark + number + " ", .text), (String(model.isUTF8 ? badge.glyph : badge.ascii) + " ", badge.role)],
      row: place.row, column: place.column, within: place)
    var column = place.column + columns.head
    func cell(_ text: String, _ role: Role, _ width: Int, right: Bool = false) {
      guard width > 0 else { return }
      let room = Rect(row: place.row, column: column, height: 1, width: width - 1)
      if right {
        writeRight(text, role, row: place.row, end: room.right, within: room)
      } else {
        grid.write(text, row: place.row, column: column, style: style(role), within: room)
      }
      column += width
    }
    cell(badge.word, badge.role, ListColumns.word)
    cell(row.statusWords, badge.role, columns.status)
    cell(row.box, .dim, columns.box)
    cell(row.title, .text, columns.command)
    cell(NumberText.clock(nanoseconds: row.elapsed(now: model.now)), .text, columns.elapsed, right: true)
    cell(NumberText.lines(row.totalLines), .text, columns.lines, right: true)
    cell(NumberText.bytes(row.lengths.total), .dim, columns.bytes, right: true)
    let note = row.note
    if note.isEmpty {
      let isLive = !row.isDone
      cell(isLive ? NumberText.bytes(row.rate.bytesPerSecond) + "/s" : "", .dim, columns.rate, right: true)
      cell("  " + Sparkline.text(row.rate.buckets, width: max(0, columns.sparkline - 3), isUTF8: model.isUTF8),
        .graphCPU, columns.sparkline)
    } else {
      cell("  " + note, row.isDone ? .truncated : badge.role, columns.tail)
    }
    if isSelected { select(place) }
  }

  /// Lays the selection over a row: its background where it has one, its attributes always.
  private mutating func select(_ place: Rect) {
    let role: Role = model.focus == .list ? .selection : .cursorline
    let selection = style(role)
    let base = style(.text)
    grid.restyle(place) { style in
      if selection.background != base.background { style.background = selection.background }
      if selection.foreground != base.foreground { style.foreground = selection.foreground }
      style.attributes.formUnion(selection.attributes)
    }
  }
}
