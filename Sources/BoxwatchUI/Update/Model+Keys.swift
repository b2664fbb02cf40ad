import Cells
import ExecModel
import Widgets

extension Model {
  /// Handles a key, a mouse event or a paste: in the dialog if one is open, otherwise on the screen.
  mutating func take(_ key: Key, _ text: TextLookup) -> [Effect] {
    switch key {
    case .mouse(let action, let row, let column): return take(MouseEvent(action, row: row, column: column), text)
    case .paste(let pasted): return paste(pasted)
    case .character, .control, .alt, .named: break
    }
    notice = nil
    if let dialog { return take(key, in: dialog, text) }
    if focusedSearch != nil, let command = keymap.search.command(for: key) { return perform(command, text) }
    if let command = keymap.main.command(for: key) { return perform(command, text) }
    say("\(key.label) does nothing here; \(keymap.main.label(of: .help)) shows the keys")
    return []
  }

  /// The search of the focused pane.
  var focusedSearch: PaneSearch? {
    guard let stream = focus.stream, let row = selected else { return nil }
    return row.panes[stream].search
  }

  /// The hints of the keys that do something now.
  var hints: [KeyHint] {
    if let dialog { return dialog.content.hints(keymap) }
    guard focusedSearch != nil else { return keymap.main.hints { refusal(of: $0) == nil } }
    return keymap.search.hints { command in
      guard case .main(let command) = command else { return true }
      return refusal(of: command) == nil
    }
  }

  private mutating func perform(_ command: SearchCommand, _ text: TextLookup) -> [Effect] {
    switch command {
    case .nextMatch: return findNext(forward: true, text)
    case .previousMatch: return findNext(forward: false, text)
    case .endSearch:
      leave()
      return []
    case .main(let command): return perform(command, text)
    }
  }

  /// Performs a command, or shows why it is not possible now.
  mutating func perform(_ command: MainCommand, _ text: TextLookup) -> [Effect] {
    if let reason = refusal(of: command) {
      say(reason)
      return []
    }
    switch command {
    case .focusNext: moveFocus(by: 1)
    case .focusPrevious: moveFocus(by: -1)
    case .enter: enter()
    case .leave: leave()
    case .select(let number): index(ofNumber: number).map { select($0) }
    case .previousExecution: select(selection - 1)
    case .nextExecution: select(selection + 1)
    case .move(let movement): move(movement, text)
    case .moveSideways(let movement): moveSideways(movement, text)
    case .toggleFollow: toggleFollow(text)
    case .toggleWrap: toggleWrap()
    case .toggleArrangement: arrangement = arrangement == .stacked ? .sideBySide : .stacked
    case .toggleZoom: toggleZoom()
    case .search: openSearch()
    case .start: dialog = .start(StartPrompt(box: boxes.first?.name ?? ""))
    case .help: dialog = .help(HelpDialog())
    case .themes: dialog = .themes(ThemeMenu(self))
    case .signal: dialog = selected.map { .signals(SignalMenu($0.id)) }
    case .details: dialog = selected.map { .details(DetailsDialog($0.id)) }
    case .input: dialog = selected.map { .input(InputLine($0.id)) }
    case .attach: return openPicker()
    case .forceClose: return forceClose()
    case .startWaiting: return selected.map { [.startWaiting($0.id)] } ?? []
    case .release: return selected.map { [.release($0.id)] } ?? []
    case .quit: return quit()
    case .race: return [.openRaceLab]
    case .suspend: return [.suspend]
    case .redraw: return [.redraw]
    }
    return []
  }

  private mutating func forceClose() -> [Effect] {
    guard let row = selected else { return [] }
    if row.isWaiting { return [.cancelWaiting(row.id)] }
    guard active.count > 1 else { return [.forceClose(row.id)] }
    dialog = .question(Question(.forceClose(row.id)))
    return []
  }

  private mutating func quit() -> [Effect] {
    if ours.isEmpty, waitingCount == 0 { return [.quit] }
    dialog = .question(Question(.quit))
    return []
  }
}
