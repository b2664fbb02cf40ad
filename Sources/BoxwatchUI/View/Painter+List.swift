import Cells
import ExecModel
import Widgets

extension Painter {
  /// Draws the list of executions.
  mutating func paintList() {
    guard let list = layout.list else { return }
    let isFocused = model.focus == .list
    if list != layout.listRows {
      grid.box(
        list, style: style(isFocused ? .borderFocus : .border), ascii: !model.display.isUTF8, title: "execs",
        titleStyle: style(isFocused ? .titleFocus : .title))
    }
    let area = layout.listRows
    guard !model.rows.isEmpty else { return paintEmptyList(area) }
    let shown = ListOrder.visible(model, height: area.height)
    let columns = ListColumns(model, rows: shown, width: area.width)
    var boxes: Set<String> = []
    for (line, index) in shown.enumerated() {
      let place = Rect(row: area.row + line, column: area.column, height: 1, width: area.width)
      let row = model.rows[index]
      // A box's usage is shown once, in the line of the first of its running commands.
      let tellsBox = !row.isOver && !row.isWaiting && boxes.insert(row.box).inserted
      paint(ListRow(row, model, columns, tellsBox: tellsBox), in: place, columns)
      if index == model.selection { select(place) }
    }
  }

  private mutating func paintEmptyList(_ area: Rect) {
    let (start, attach) = (model.keymap.main.label(of: .start), model.keymap.main.label(of: .attach))
    write(
      [
        ("  nothing runs here yet: ", .dim), (start, .helpKey), (" starts a command, ", .dim), (attach, .helpKey),
        (" attaches to one", .dim),
      ], row: area.row, column: area.column, within: area)
  }

  private mutating func paint(_ row: ListRow, in place: Rect, _ columns: ListColumns) {
    var column = place.column
    for cell in row.cells where cell.width > 0 {
      let room = Rect(row: place.row, column: column, height: 1, width: cell.width - 1)
      if cell.isRight {
        writeRight(cell.text, cell.role, row: place.row, end: room.right, within: room)
      } else {
        grid.write(cell.text, row: place.row, column: column, style: style(cell.role), within: room)
      }
      column += cell.width
    }
  }
}
