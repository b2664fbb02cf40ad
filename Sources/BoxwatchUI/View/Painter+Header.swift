import Cells
import ExecModel

extension Painter {
  /// The top line: name, how many executions in which state, theme, time.
  mutating func paintHeader() {
    guard let area = layout.header else { return }
    grid.fill(area, style: style(.statusbar))
    let used = write(
      [(" boxwatch", .titleFocus), ("   " + census, .statusbar)], row: area.row, column: area.column, within: area)
    let clock = "  " + model.clock + " "
    let theme = "theme \(model.theme.name)"
    let clockStart = area.right - TextWidth.columns(of: clock)
    guard used < clockStart else { return }
    writeRight(clock, .statusbar, row: area.row, end: area.right, within: area)
    guard used + TextWidth.columns(of: theme) + 2 < clockStart else { return }
    writeRight(theme, .dim, row: area.row, end: clockStart, within: area)
  }

  /// `3 execs: 1 running, 1 draining, 1 done`.
  private var census: String {
    guard !model.rows.isEmpty else { return "no execs" }
    var order: [String] = []
    var counts: [String: Int] = [:]
    for row in model.rows.reversed() {
      let word = row.badge.word
      if counts[word] == nil { order.append(word) }
      counts[word, default: 0] += 1
    }
    let parts = order.map { "\(counts[$0] ?? 0) \($0)" }.joined(separator: ", ")
    return "\(model.rows.count) exec\(model.rows.count == 1 ? "" : "s"): \(parts)"
  }
}
