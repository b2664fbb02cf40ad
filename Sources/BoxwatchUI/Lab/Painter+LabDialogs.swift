import Cells
import RaceLab

extension Painter {
  /// The dialog in front of the lab.
  mutating func paintDialog(of lab: LabModel) {
    switch lab.dialog {
    case .help(let top): paintLabHelp(top)
    case .scenario(let menu): paint(menu)
    case .schedule(let prompt): paint(prompt)
    case nil: break
    }
  }

  private mutating func paintLabHelp(_ top: Int) {
    let frame = LabHelp.frame(model)
    paintBox(frame, "the race lab")
    let inner = frame.inner
    let lines = LabHelp.lines(model, width: inner.width)
    let first = min(top, max(0, lines.count - inner.height))
    for (offset, line) in lines.dropFirst(first).prefix(inner.height).enumerated() {
      write(line, on: .dialog, row: inner.row + offset, column: inner.column, within: inner)
    }
  }

  private mutating func paint(_ menu: ScenarioMenu) {
    let fields = ScenarioField.allCases
    let frame = DialogFrame(model, height: fields.count + 2, width: 56)
    paintBox(frame, "what there is to happen")
    let inner = frame.inner
    for (index, field) in fields.enumerated() {
      let place = Rect(row: inner.row + index, column: inner.column, height: 1, width: inner.width)
      let look = index == menu.index ? style(.selection) : style(.dialog)
      grid.fill(place, style: look)
      let value = index == menu.index ? "< \(menu.value(of: field)) >" : "  \(menu.value(of: field))"
      grid.write(field.label, row: place.row, column: place.column + 1, style: look, within: place)
      grid.write(value, row: place.row, column: place.column + 30, style: look, within: place)
    }
    write(
      [("\(menu.scenario.text): \(menu.size)", .dim)], on: .dialog, row: inner.bottom - 1, column: inner.column + 1,
      within: inner)
  }

  private mutating func paint(_ prompt: SchedulePrompt) {
    let frame = DialogFrame(model, height: 3, width: 72)
    paintBox(frame, "a schedule, such as o1e1:xoOeE")
    let inner = frame.inner
    grid.write("> ", row: inner.row, column: inner.column + 1, style: style(.helpKey, on: .dialog), within: inner)
    let room = Rect(row: inner.row, column: inner.column + 3, height: 1, width: inner.width - 4)
    paint(prompt.editor, in: room, style(.dialog))
    guard let problem = prompt.problem else {
      let words = "o e chunks, O E ends, x exit, w l waiters, g G grandchild, d f"
      return _ = grid.write(
        words, row: inner.row + 2, column: inner.column + 1, style: style(.dim, on: .dialog), within: inner)
    }
    let hidden = max(0, TextWidth.columns(of: prompt.editor.textBeforeCursor) - room.width + 1)
    grid.write(
      "^", row: inner.row + 1, column: room.column + problem.column - 1 - hidden, style: style(.error, on: .dialog),
      within: room.below)
    grid.write(
      problem.description, row: inner.row + 2, column: inner.column + 1, style: style(.error, on: .dialog),
      within: inner)
  }
}

extension Rect {
  /// The same columns, one row further down.
  fileprivate var below: Rect { Rect(row: row + 1, column: column, height: height, width: width) }
}
