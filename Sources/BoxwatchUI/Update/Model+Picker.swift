import Cells
import ExecModel

extension Model {
  /// Opens the attach list and requests a listing.
  public mutating func openPicker() -> [Effect] {
    dialog = .picker(Picker())
    return [.listExecutions]
  }

  mutating func take(listing entries: [PickerEntry]) {
    guard case .picker(var picker) = dialog else { return }
    picker.take(entries)
    dialog = .picker(picker)
  }

  /// Requests a new listing while the list is open and the previous one has arrived.
  mutating func refreshPicker() -> [Effect] {
    guard case .picker(var picker) = dialog, !picker.isListing else { return [] }
    picker.isListing = true
    dialog = .picker(picker)
    return [.listExecutions]
  }

  /// Handles a key while the attach list is open.
  mutating func pick(_ picker: Picker, _ command: Command?, _ key: Key) -> [Effect] {
    var picker = picker
    let page = max(1, PickerLayout(self, picker).rows.height - 1)
    switch (command, key) {
    case (.choiceUp, _): picker.move(by: -1)
    case (.choiceDown, _): picker.move(by: 1)
    case (.pageUp, _): picker.move(by: -page)
    case (.pageDown, _): picker.move(by: page)
    case (.choiceTop, _): picker.choose(0)
    case (.choiceBottom, _): picker.choose(.max)
    case (.deleteBefore, _): picker.untype()
    case (.deleteToStart, _): picker.untype(all: true)
    case (.accept, _): return attach(picker)
    case (_, .character(let character)): picker.type(String(character))
    default: break
    }
    dialog = .picker(picker)
    return []
  }

  /// Attaches to the selected entry; if it has a row already, only selects it.
  mutating func attach(_ picker: Picker) -> [Effect] {
    let shown = picker.shown
    guard !shown.isEmpty else { return [] }
    let target = shown[picker.index(in: shown)].target
    dialog = nil
    if let id = target.id, let index = index(of: id) {
      select(index)
      return []
    }
    awaitedStarts += 1
    return [.attach(target)]
  }

  mutating func mouse(_ action: Key.MouseAction, _ row: Int, _ column: Int, _ picker: Picker) -> [Effect] {
    var picker = picker
    switch action {
    case .wheelUp: picker.move(by: -1)
    case .wheelDown: picker.move(by: 1)
    case .release: break
    case .press, .doublePress:
      let rows = PickerLayout(self, picker).rows
      let shown = picker.shown
      let before = picker.index(in: shown)
      let index = PickerLayout.top(before, of: shown.count, height: rows.height) + row - rows.row
      guard rows.contains(row: row, column: column), index < shown.count else { break }
      picker.choose(index)
      if action == .doublePress || index == before { return attach(picker) }
    }
    dialog = .picker(picker)
    return []
  }
}
