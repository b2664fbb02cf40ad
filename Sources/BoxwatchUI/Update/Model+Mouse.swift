import Cells
import ExecModel

extension Model {
  /// Rows scrolled by one step of the wheel.
  private static let wheelStep = 3

  mutating func mouse(_ action: Key.MouseAction, _ row: Int, _ column: Int, _ text: TextLookup) -> [Effect] {
    if let dialog { return mouse(action, row, column, in: dialog) }
    let layout = Layout(self)
    if let list = layout.list, list.contains(row: row, column: column) {
      mouseInList(action, row - layout.listRows.row, layout)
    } else if let pane = layout.panes.first(where: { $0.outer.contains(row: row, column: column) }) {
      mouseInPane(action, pane.stream, text)
    }
    return []
  }

  private mutating func mouseInList(_ action: Key.MouseAction, _ row: Int, _ layout: Layout) {
    let order = ListOrder.visible(self, height: layout.listRows.height)
    switch action {
    case .press, .doublePress:
      focus = .list
      if order.indices.contains(row) { select(order[row]) }
      if action == .doublePress { enter() }
    case .wheelUp: select(min(rows.count - 1, selection + 1))
    case .wheelDown: select(max(0, selection - 1))
    case .release: break
    }
  }

  private mutating func mouseInPane(_ action: Key.MouseAction, _ stream: ExecStream, _ text: TextLookup) {
    guard selected != nil else { return }
    switch action {
    case .press: focus = .pane(stream)
    case .doublePress:
      focus = .pane(stream)
      isZoomed.toggle()
    case .wheelUp: scroll(stream, by: -Self.wheelStep, text)
    case .wheelDown: scroll(stream, by: Self.wheelStep, text)
    case .release: break
    }
  }

  private mutating func mouse(_ action: Key.MouseAction, _ row: Int, _ column: Int, in dialog: Dialog) -> [Effect] {
    switch dialog {
    case .help(let top): self.dialog = .help(top: wheeled(top, action, lines: HelpPage.lines(keymap).count))
    case .details(let id, let top):
      let lines = self.row(id).map { DetailsPage($0, in: self).lines.count } ?? 0
      self.dialog = .details(id, top: wheeled(top, action, lines: lines))
    case .signals(let menu, let id):
      let (chosen, isFinal) = chosen(action, row, column, menu)
      if isFinal { return sendSignal(Signal.all[chosen.index], to: id) }
      self.dialog = .signals(chosen, id)
    case .themes(let menu, let before):
      let (chosen, isFinal) = chosen(action, row, column, menu)
      tryTheme(chosen, before: before)
      if isFinal { self.dialog = nil }
    case .boxes(let picker): return mouse(action, row, column, picker)
    case .picker(let picker): return mouse(action, row, column, picker)
    case .question(let question): return press(action, row, column, question)
    case .start, .input, .search: break
    }
    return []
  }

  private func wheeled(_ top: Int, _ action: Key.MouseAction, lines: Int) -> Int {
    let last = max(0, lines - DialogFrame(helpOf: self, lines: lines).inner.height)
    return switch action {
    case .wheelUp: max(0, top - Self.wheelStep)
    case .wheelDown: min(last, top + Self.wheelStep)
    case .press, .release, .doublePress: top
    }
  }

  /// The menu after a mouse event, and whether the event confirmed: a press on the selected item,
  /// or a double press.
  private func chosen(_ action: Key.MouseAction, _ row: Int, _ column: Int, _ menu: Menu) -> (Menu, Bool) {
    var moved = menu
    switch action {
    case .wheelUp: moved.move(by: -1)
    case .wheelDown: moved.move(by: 1)
    case .release: break
    case .press, .doublePress:
      let frame = DialogFrame(self, menu: menu)
      guard frame.inner.contains(row: row, column: column) else { break }
      moved.move(by: frame.menuTop(menu) + row - frame.inner.row - menu.index)
      return (moved, action == .doublePress || moved.index == menu.index)
    }
    return (moved, false)
  }

  private mutating func press(_ action: Key.MouseAction, _ row: Int, _ column: Int, _ question: Question) -> [Effect] {
    guard action == .press || action == .doublePress else { return [] }
    let frame = DialogFrame(self, question: QuestionText(question, self).lines)
    if frame.yesButton.contains(row: row, column: column) { return confirm(question) }
    if frame.noButton.contains(row: row, column: column) { dialog = nil }
    return []
  }
}
