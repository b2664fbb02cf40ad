import Cells
import ExecModel

extension Painter {
  /// The top line: name, server, how many executions in which state, theme, time.
  mutating func paintHeader() {
    guard let area = layout.header else { return }
    grid.fill(area, style: style(.statusbar))
    let name = " boxwatch"
    let clock = "  " + model.clock + " "
    // The clock goes before the words do.
    let room = area.width - name.count
    let whole = HeaderText(model, width: room, separator: separator)
    let beside = HeaderText(model, width: room - TextWidth.columns(of: clock), separator: separator)
    let parts = model.server == nil ? whole.parts : beside.parts
    let used = write(
      [(name, .titleFocus)] + parts.map { ("   " + $0, .statusbar) }, on: .statusbar, row: area.row,
      column: area.column, within: area)
    let theme = "theme \(model.theme.name)"
    let clockStart = area.right - TextWidth.columns(of: clock)
    guard used < clockStart else { return }
    writeRight(clock, .statusbar, on: .statusbar, row: area.row, end: area.right, within: area)
    guard used + TextWidth.columns(of: theme) + 2 < clockStart else { return }
    writeRight(theme, .dim, on: .statusbar, row: area.row, end: clockStart, within: area)
  }
}
