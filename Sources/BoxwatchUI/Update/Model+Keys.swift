import Cells
import ExecModel

extension Model {
  /// Handles a key: in the dialog if one is open, otherwise on the screen.
  mutating func take(_ key: Key, _ text: TextLookup) -> [Effect] {
    if lab != nil { return takeInLab(key) }
    switch key {
    case .mouse(let action, let row, let column): return mouse(action, row, column, text)
    case .paste(let pasted): return paste(pasted)
    case .character, .control, .alt, .named: break
    }
    notice = nil
    if let dialog { return take(key, in: dialog, text) }
    guard let command = keymap.command(for: key, in: scope) else {
      say("\(key.label) does nothing here; \(keymap.label(of: .help, in: .main)) shows the keys")
      return []
    }
    return perform(command, text)
  }

  /// The scope of the screen when no dialog is open.
  var scope: Scope { focusedSearch == nil ? .main : .search }

  /// The search of the focused pane.
  var focusedSearch: PaneSearch? {
    guard let stream = focus.stream, let row = selected else { return nil }
    return row.panes[stream].search
  }

  /// Performs a command, or shows why it is not possible now.
  mutating func perform(_ command: Command, _ text: TextLookup) -> [Effect] {
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
    case .up, .down, .halfPageUp, .halfPageDown, .pageUp, .pageDown, .top, .bottom: move(command, text)
    case .left, .right, .lineStart, .lineEnd: moveSideways(command, text)
    case .toggleFollow: toggleFollow(text)
    case .toggleWrap: toggleWrap()
    case .toggleArrangement: arrangement = arrangement == .stacked ? .sideBySide : .stacked
    case .toggleZoom: toggleZoom()
    case .search: openSearch()
    case .nextMatch: return findNext(forward: true, text)
    case .previousMatch: return findNext(forward: false, text)
    case .start, .signal, .input, .details, .themes, .help: open(command)
    case .attach: return openPicker()
    case .forceClose: return forceClose()
    case .startWaiting: return selected.map { [.startWaiting($0.id)] } ?? []
    case .release: return selected.map { [.release($0.id)] } ?? []
    case .quit: return quit()
    case .race: open(LabModel(seed: now))
    case .suspend: return [.suspend]
    case .redraw: return [.redraw]
    case .accept, .cancel, .editLeft, .editRight, .editStart, .editEnd, .deleteBefore, .deleteAfter, .deleteToStart,
      .deleteToEnd, .deleteWord, .historyBack, .historyForward, .nextBox, .listBoxes, .editOptions, .toggleTerminal,
      .toggleInput, .endOfInput, .takeBox, .explain,
      .choiceUp, .choiceDown, .choiceTop, .choiceBottom, .choiceLess, .choiceMore, .yes, .no, .otherButton, .takeStep,
      .stepBack, .stepForward, .restartSteps, .randomStep, .runToEnd, .nextLoss, .leftDispatcher, .rightDispatcher,
      .scenario, .copySchedule, .typeSchedule, .tour, .tourNext, .endTour, .otherPage, .toggleGate, .releaseGates,
      .restartHeld, .typeCommand, .nextPreset:
      break
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

  private mutating func open(_ command: Command) {
    switch (command, selected) {
    case (.start, _): dialog = .start(StartPrompt(box: boxes.first?.name ?? ""))
    case (.help, _): dialog = .help(top: 0)
    case (.themes, _):
      let items = themes.map { Menu.Item(label: $0.name, keys: [$0.name.lowercased()]) }
      dialog = .themes(Menu(items: items, index: themes.firstIndex(of: theme) ?? 0), before: theme)
    case (.signal, .some(let row)): dialog = .signals(.signals, row.id)
    case (.details, .some(let row)): dialog = .details(row.id, top: 0)
    case (.input, .some(let row)): dialog = .input(LineEditor(), row.id)
    default: break
    }
  }
}
