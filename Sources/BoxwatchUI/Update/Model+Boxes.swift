import Cells

extension Model {
  /// The box of a name, if it is in the list.
  func choice(_ name: String) -> BoxChoice? { boxes.first { $0.name == name } }

  /// The next usable box, wrapping around at the end.
  func nextBox(after name: String) -> String {
    let index = boxes.firstIndex { $0.name == name } ?? -1
    let ordered = boxes[(index + 1)...] + boxes[..<(index + 1)]
    return ordered.first { $0.problem == nil }?.name ?? name
  }

  /// Opens the box list over the prompt; the executable searches for more boxes.
  mutating func openBoxes(_ prompt: StartPrompt) -> [Effect] {
    dialog = .boxes(BoxPicker(prompt))
    return [.listBoxes]
  }

  /// Replaces the box list with the boxes found so far; the default stays first.
  mutating func take(boxes found: [BoxChoice], isComplete: Bool) {
    let first = boxes.first?.name
    boxes = found.filter { $0.name == first } + found.filter { $0.name != first }
    guard isComplete, case .boxes(var picker) = dialog else { return }
    picker.isListing = false
    dialog = .boxes(picker)
  }

  /// Handles a key while the box list is open.
  mutating func pick(_ picker: BoxPicker, _ command: Command?, _ key: Key) -> [Effect] {
    var picker = picker
    let shown = picker.shown(of: boxes)
    let page = max(1, BoxPickerLayout(self, picker).rows.height - 1)
    let index = picker.index(in: shown)
    switch (command, key) {
    case (.choiceUp, _): picker.choose(index - 1, in: shown)
    case (.choiceDown, _): picker.choose(index + 1, in: shown)
    case (.pageUp, _): picker.choose(index - page, in: shown)
    case (.pageDown, _): picker.choose(index + page, in: shown)
    case (.choiceTop, _): picker.choose(0, in: shown)
    case (.choiceBottom, _): picker.choose(shown.count, in: shown)
    case (.deleteBefore, _): picker.untype()
    case (.deleteToStart, _): picker.untype(all: true)
    case (.explain, _): picker.explains.toggle()
    case (.takeBox, _):
      takeBox(picker, shown)
      return []
    case (_, .character(let character)): picker.type(String(character))
    default: break
    }
    dialog = .boxes(picker)
    return []
  }

  /// Returns to the prompt with the selected box, or with the typed name when none matches; an
  /// unusable box is refused.
  private mutating func takeBox(_ picker: BoxPicker, _ shown: [BoxChoice]) {
    var prompt = picker.prompt
    if !shown.isEmpty {
      let choice = shown[picker.index(in: shown)]
      if let problem = choice.problem {
        dialog = .boxes(picker)
        return say("\(choice.name) cannot be used: \(problem)", isError: true)
      }
      prompt.box = choice.name
    } else if !picker.query.isEmpty {
      prompt.box = picker.query
    }
    dialog = .start(fitted(prompt))
  }

  mutating func mouse(_ action: Key.MouseAction, _ row: Int, _ column: Int, _ picker: BoxPicker) -> [Effect] {
    var picker = picker
    let shown = picker.shown(of: boxes)
    let before = picker.index(in: shown)
    switch action {
    case .wheelUp: picker.choose(before - 1, in: shown)
    case .wheelDown: picker.choose(before + 1, in: shown)
    case .release: break
    case .press, .doublePress:
      let rows = BoxPickerLayout(self, picker).rows
      let index = PickerLayout.top(before, of: shown.count, height: rows.height) + row - rows.row
      guard rows.contains(row: row, column: column), index < shown.count else { break }
      picker.choose(index, in: shown)
      if action == .doublePress || index == before {
        takeBox(picker, shown)
        return []
      }
    }
    dialog = .boxes(picker)
    return []
  }
}
