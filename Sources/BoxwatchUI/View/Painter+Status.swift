import Cells
import ExecModel
import Widgets

extension Painter {
  /// Draws the bottom line: the line being edited, a notice, or key hints.
  mutating func paintStatus() {
    let area = layout.status
    grid.fill(area, style: style(.statusbar))
    // A dialog that is drawn here comes later, with the other dialogs.
    if model.dialog?.content.takesStatusLine != true { paintNotice() }
  }

  /// The maximum number of lines of a notice.
  private static let mostNoticeLines = 4

  private mutating func paintNotice() {
    let area = layout.status
    guard let notice = model.notice else { return paint(model.hints, in: area, from: area.column) }
    let role: Role = notice.isError ? .error : .info
    // A long notice covers the lines above it: a truncated reason does not say what to do.
    let room = model.height - 1
    let lines = WordWrap.lines(notice.text, width: area.width - 2).prefix(max(1, min(Self.mostNoticeLines, room)))
    for (offset, line) in lines.enumerated() {
      let place = Rect(row: area.row + 1 - lines.count + offset, column: area.column, height: 1, width: area.width)
      grid.fill(place, style: style(.statusbar))
      grid.write(" \(line)", row: place.row, column: place.column, style: style(role, on: .statusbar), within: place)
    }
  }

  /// Draws a line being edited, scrolled so that the cursor is visible.
  mutating func paintLine(_ editor: LineEditor, prompt: String, _ hints: [KeyHint]) {
    let area = layout.status
    var start = area.column
    start += grid.write(prompt, row: area.row, column: start, style: style(.statusbarKey, on: .statusbar), within: area)
    let room = Rect(row: area.row, column: start, height: 1, width: area.right - start)
    paint(editor, in: room, style(.streamStdin, on: .statusbar))
    let end = start + TextWidth.columns(of: editor.text) + 3
    if let notice = model.notice { return paintBeside(notice, from: end) }
    guard editor.isEmpty, end < area.right else { return }
    paint(hints, in: area, from: end)
  }

  /// Draws a notice at the right end of the line being edited, if it fits.
  private mutating func paintBeside(_ notice: Notice, from column: Int) {
    let area = layout.status
    guard column + TextWidth.columns(of: notice.text) < area.right else { return }
    writeRight(notice.text + " ", notice.isError ? .error : .info, row: area.row, end: area.right, within: area)
  }
}
