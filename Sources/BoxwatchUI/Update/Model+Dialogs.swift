import Cells
import ExecModel

extension Model {
  /// Handles a key while a dialog is open.
  mutating func take(_ key: Key, in dialog: Dialog, _ text: TextLookup) -> [Effect] {
    let command = keymap.command(for: key, in: dialog.scope)
    if command == .cancel {
      cancel(dialog)
      return []
    }
    switch dialog {
    case .help(let top): self.dialog = .help(top: scrolled(top, command, lines: HelpPage.lines(keymap).count))
    case .details(let id, let top):
      let lines = row(id).map { DetailsPage($0, in: self).lines.count } ?? 0
      self.dialog = .details(id, top: scrolled(top, command, lines: lines))
    case .signals(let menu, let id): return choose(command, key, in: menu, id)
    case .themes(let menu, let before): choose(command, key, in: menu, before: before)
    case .start(let prompt): return edit(prompt, command, key)
    case .boxes(let picker): return pick(picker, command, key)
    case .input(let editor, let id): return edit(editor, id, command, key)
    case .search(let editor, let stream): return edit(editor, stream, command, key, text)
    case .picker(let picker): return pick(picker, command, key)
    case .question(let question): return answer(question, command)
    }
    return []
  }

  /// Closes a dialog without effect: restores the theme, or returns from the box list to its
  /// prompt.
  mutating func cancel(_ dialog: Dialog) {
    if case .themes(_, let before) = dialog { theme = before }
    self.dialog = nil
    if case .boxes(let picker) = dialog { self.dialog = .start(picker.prompt) }
  }

  /// The first line shown of a page with `lines` lines, after a scroll command.
  private func scrolled(_ top: Int, _ command: Command?, lines: Int) -> Int {
    let page = max(1, DialogFrame(helpOf: self, lines: lines).inner.height)
    let last = max(0, lines - page)
    switch command {
    case .up: return max(0, top - 1)
    case .down: return min(last, top + 1)
    case .pageUp: return max(0, top - page)
    case .pageDown: return min(last, top + page)
    case .top: return 0
    case .bottom: return last
    default: return top
    }
  }

  /// Handles a key in a menu; nil when it confirms the selection.
  private func moved(_ menu: Menu, _ command: Command?, _ key: Key) -> Menu? {
    var menu = menu
    switch (command, key) {
    case (.choiceUp, _): menu.move(by: -1)
    case (.choiceDown, _): menu.move(by: 1)
    case (.choiceTop, _): menu.move(by: -menu.items.count)
    case (.choiceBottom, _): menu.move(by: menu.items.count)
    case (.deleteBefore, _): menu.untype()
    case (.accept, _): return nil
    case (_, .character(let character)): menu.type(character)
    default: break
    }
    return menu
  }

  private mutating func choose(_ command: Command?, _ key: Key, in menu: Menu, _ id: ExecutionID) -> [Effect] {
    if let moved = moved(menu, command, key) {
      dialog = .signals(moved, id)
      return []
    }
    return sendSignal(Signal.all[menu.index], to: id)
  }

  mutating func sendSignal(_ signal: Signal, to id: ExecutionID) -> [Effect] {
    dialog = nil
    guard let row = row(id) else { return [] }
    if let reason = waitingRefusal(row) {
      say(reason)
      return []
    }
    guard !row.isOver else {
      say("execution \(row.number) has ended: \(signal.name) was not sent")
      return []
    }
    say("\(signal.name) to execution \(row.number)")
    return [.signal(id, signal)]
  }

  private mutating func choose(_ command: Command?, _ key: Key, in menu: Menu, before: Theme) {
    guard let moved = moved(menu, command, key) else {
      dialog = nil
      return
    }
    tryTheme(moved, before: before)
  }

  mutating func tryTheme(_ menu: Menu, before: Theme) {
    if themes.indices.contains(menu.index) { theme = themes[menu.index] }
    dialog = .themes(menu, before: before)
  }

  private mutating func answer(_ question: Question, _ command: Command?) -> [Effect] {
    var question = question
    switch command {
    case .yes: return confirm(question)
    case .no: dialog = nil
    case .accept where question.isYesFocused: return confirm(question)
    case .accept: dialog = nil
    case .otherButton:
      question.isYesFocused.toggle()
      dialog = .question(question)
    default: break
    }
    return []
  }

  mutating func confirm(_ question: Question) -> [Effect] {
    dialog = nil
    switch question.subject {
    case .quit: return [.quit]
    case .forceClose(let id): return row(id)?.isOver == false ? [.forceClose(id)] : []
    }
  }
}
