import Cells
import ExecModel
import Widgets

/// The menu of signals for an execution.
public struct SignalMenu: Hashable, Sendable {
  /// The signals by number and name, with SIGTERM selected at first.
  var menu = Menu(
    items: Signal.all.map { signal in
      let name = signal.name
      let number = String(signal.number)
      return Menu.Item(
        label: (number.count < 2 ? " " : "") + number + "  " + name,
        keys: [number, String(name.dropFirst(3)).lowercased(), name.lowercased()])
    }, index: Int(Signal.terminate.number) - 1)
  /// The execution.
  let id: ExecutionID

  /// Creates the menu.
  init(_ id: ExecutionID) { self.id = id }
}

extension SignalMenu: DialogContent {
  var dialog: Dialog { .signals(self) }

  func hints(_ keymap: Keymap) -> [KeyHint] { keymap.menu.hints() }

  mutating func handle(_ key: Key, in model: inout Model, _ text: TextLookup) -> DialogStep {
    let step = menu.handle(key, model.keymap)
    return settle(step, &model)
  }

  mutating func handle(_ event: MouseEvent, in model: inout Model) -> DialogStep {
    let step = menu.handle(event, on: model.display)
    return settle(step, &model)
  }

  private func settle(_ step: MenuStep, _ model: inout Model) -> DialogStep {
    switch step {
    case .moved: .stay
    case .cancelled: .close()
    case .chosen: .close(model.sendSignal(Signal.all[menu.index], to: id))
    }
  }

  func paint(on painter: inout Painter) {
    menu.paint(on: &painter, title: "signal to \(painter.model.row(id)?.number ?? 0)")
  }
}

extension Model {
  /// Sends a signal, or says why that is not possible.
  fileprivate mutating func sendSignal(_ signal: Signal, to id: ExecutionID) -> [Effect] {
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
}

/// The menu of themes, which shows the selected one at once.
public struct ThemeMenu: Hashable, Sendable {
  /// The names of the model's themes.
  var menu: Menu
  /// The theme to restore when the menu is left.
  let before: Theme

  /// Creates the menu with the model's theme selected.
  init(_ model: Model) {
    let items = model.themes.map { Menu.Item(label: $0.name, keys: [$0.name.lowercased()]) }
    menu = Menu(items: items, index: model.themes.firstIndex(of: model.theme) ?? 0)
    before = model.theme
  }
}

extension ThemeMenu: DialogContent {
  var dialog: Dialog { .themes(self) }

  func hints(_ keymap: Keymap) -> [KeyHint] { keymap.menu.hints() }

  mutating func handle(_ key: Key, in model: inout Model, _ text: TextLookup) -> DialogStep {
    let step = menu.handle(key, model.keymap)
    return settle(step, &model)
  }

  mutating func handle(_ event: MouseEvent, in model: inout Model) -> DialogStep {
    let step = menu.handle(event, on: model.display)
    return settle(step, &model)
  }

  private func settle(_ step: MenuStep, _ model: inout Model) -> DialogStep {
    switch step {
    case .cancelled: model.theme = before
    case .moved, .chosen: if model.themes.indices.contains(menu.index) { model.theme = model.themes[menu.index] }
    }
    if case .moved = step { return .stay }
    return .close()
  }

  func paint(on painter: inout Painter) { menu.paint(on: &painter, title: "theme") }
}
