import Cells
import ExecModel

extension Painter {
  /// Draws the open dialog, if it has a frame.
  mutating func paintDialog() {
    switch model.dialog {
    case .help(let top): paintHelp(top)
    case .details(let id, let top):
      if let row = model.row(id) { paint(DetailsPage(row, in: model), of: row, from: top) }
    case .signals(let menu, let id): paint(menu, title: "signal to \(model.row(id)?.number ?? 0)")
    case .themes(let menu, _): paint(menu, title: "theme")
    case .start(let prompt): paint(prompt)
    case .boxes(let picker): paint(picker)
    case .picker(let picker): paint(picker)
    case .question(let question): paint(question)
    case .input, .search, nil: break
    }
  }

  mutating func paintBox(_ frame: DialogFrame, _ title: String) {
    grid.fill(frame.outer, style: style(.dialog))
    let border = style(.borderFocus, on: .dialog)
    grid.box(frame.outer, style: border, ascii: !model.isUTF8, title: title, titleStyle: border)
  }

  private mutating func paint(_ menu: Menu, title: String) {
    let frame = DialogFrame(model, menu: menu)
    paintBox(frame, menu.query.isEmpty ? title : "\(title): \(menu.query)")
    let top = frame.menuTop(menu)
    let inner = frame.inner
    for line in 0..<min(inner.height, menu.items.count - top) {
      let index = top + line
      let place = Rect(row: inner.row + line, column: inner.column, height: 1, width: inner.width)
      let look = index == menu.index ? style(.selection) : style(.dialog)
      grid.fill(place, style: look)
      grid.write(menu.items[index].label, row: place.row, column: place.column + 1, style: look, within: place)
    }
  }

  private mutating func paintHelp(_ top: Int) {
    let lines = HelpPage.lines(model.keymap)
    let frame = DialogFrame(helpOf: model, lines: lines.count)
    paintBox(frame, "keys")
    let inner = frame.inner
    let top = min(top, max(0, lines.count - inner.height))
    for (offset, line) in lines.dropFirst(top).prefix(inner.height).enumerated() {
      let row = inner.row + offset
      switch line {
      case .heading(let title):
        grid.write(title, row: row, column: inner.column + 1, style: style(.titleFocus, on: .dialog), within: inner)
      case .binding(let keys, let help):
        let keysColumn = inner.width >= 50 ? 18 : 8
        let used = grid.write(
          keys, row: row, column: inner.column + 2, style: style(.helpKey, on: .dialog), within: inner)
        grid.write(
          help, row: row, column: inner.column + max(keysColumn, used + 3), style: style(.helpText, on: .dialog),
          within: inner)
      }
    }
  }

  private mutating func paint(_ page: DetailsPage, of row: ExecutionRow, from top: Int) {
    let frame = DialogFrame(helpOf: model, lines: page.lines.count)
    paintBox(frame, "execution \(row.number)")
    let inner = frame.inner
    let top = min(top, max(0, page.lines.count - inner.height))
    for (offset, line) in page.lines.dropFirst(top).prefix(inner.height).enumerated() {
      let row = inner.row + offset
      grid.write(line.name, row: row, column: inner.column + 1, style: style(.helpKey, on: .dialog), within: inner)
      let column = inner.column + DetailsPage.nameWidth + 3
      let room = Rect(row: row, column: column, height: 1, width: max(0, inner.right - 1 - column))
      grid.write(line.value, row: row, column: column, style: style(.helpText, on: .dialog), within: room)
    }
  }

  private mutating func paint(_ question: Question) {
    let words = QuestionText(question, model)
    let frame = DialogFrame(model, question: words.lines)
    paintBox(frame, "boxwatch")
    for (offset, line) in words.lines.enumerated() {
      grid.write(
        line, row: frame.inner.row + offset, column: frame.inner.column + 1, style: style(.text, on: .dialog),
        within: frame.inner)
    }
    paintButton(words.yes, frame.yesButton, isFocused: question.isYesFocused)
    paintButton(words.no, frame.noButton, isFocused: !question.isYesFocused)
  }

  private mutating func paintButton(_ label: String, _ place: Rect, isFocused: Bool) {
    let look = isFocused ? style(.buttonFocus) : style(.button, on: .dialog)
    grid.fill(place, style: look)
    let text = isFocused ? "[\(label)]" : " \(label) "
    grid.write(text, row: place.row, column: place.column, style: look, within: place)
  }
}
