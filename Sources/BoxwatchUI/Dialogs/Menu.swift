import Cells
import Widgets

/// A list to choose from: arrow keys move, typed letters and digits jump.
public struct Menu: Hashable, Sendable {
  /// An item of the menu.
  public struct Item: Hashable, Sendable {
    /// The displayed label.
    public var label: String
    /// The lower-case prefixes that typing jumps by.
    public var keys: [String]

    /// Makes an item.
    public init(label: String, keys: [String]) {
      self.label = label
      self.keys = keys
    }
  }

  /// The items; not empty while the menu is shown.
  public let items: [Item]
  /// The index of the selected item.
  public private(set) var index: Int
  /// The text typed so far.
  public private(set) var query = ""

  /// Creates a menu with an item selected.
  public init(items: [Item], index: Int = 0) {
    self.items = items
    self.index = min(max(0, index), max(0, items.count - 1))
  }

  /// Moves the selection by a number of items, stopping at the ends.
  public mutating func move(by count: Int) {
    index = min(max(0, index &+ count), max(0, items.count - 1))
    query = ""
  }

  /// Jumps to the first item that begins with the text typed so far; a character that matches
  /// nothing starts a new text.
  public mutating func type(_ character: Character) {
    let letter = character.lowercased()
    for attempt in [query + letter, letter] {
      guard let found = firstIndex(beginningWith: attempt) else { continue }
      query = attempt
      index = found
      return
    }
    query = ""
  }

  /// Deletes the last typed character.
  public mutating func untype() {
    query = String(query.dropLast())
    if let found = firstIndex(beginningWith: query), !query.isEmpty { index = found }
  }

  private func firstIndex(beginningWith text: String) -> Int? {
    items.firstIndex { $0.keys.contains(text) } ?? items.firstIndex { $0.keys.contains { $0.hasPrefix(text) } }
  }
}

/// What became of a menu.
enum MenuStep {
  /// Another item may be selected.
  case moved
  /// The selected item was chosen.
  case chosen
  /// It was left.
  case cancelled
}

extension Menu {
  mutating func handle(_ key: Key, _ keymap: Keymap) -> MenuStep {
    switch keymap.menu.command(for: key) {
    case .up: move(by: -1)
    case .down: move(by: 1)
    case .first: move(by: -items.count)
    case .last: move(by: items.count)
    case .untype: untype()
    case .accept: return .chosen
    case .cancel: return .cancelled
    case nil: if case .character(let character) = key { type(character) }
    }
    return .moved
  }

  /// A press selects; one on the selected item, or a double press, chooses.
  mutating func handle(_ event: MouseEvent, on display: Display) -> MenuStep {
    switch event.action {
    case .wheelUp: move(by: -1)
    case .wheelDown: move(by: 1)
    case .release: break
    case .press, .doublePress:
      let inner = frame(on: display).inner
      guard event.isIn(inner) else { break }
      let before = index
      move(by: top(height: inner.height) + event.row - inner.row - index)
      return event.action == .doublePress || index == before ? .chosen : .moved
    }
    return .moved
  }

  func paint(on painter: inout Painter, title: String) {
    let frame = frame(on: painter.display)
    painter.paintBox(frame, query.isEmpty ? title : "\(title): \(query)")
    let inner = frame.inner
    let top = top(height: inner.height)
    for line in 0..<min(inner.height, items.count - top) {
      let place = Rect(row: inner.row + line, column: inner.column, height: 1, width: inner.width)
      let look = painter.style(top + line == index ? .selection : .dialog)
      painter.grid.fill(place, style: look)
      painter.grid.write(items[top + line].label, row: place.row, column: place.column + 1, style: look, within: place)
    }
  }

  private func frame(on display: Display) -> DialogFrame {
    let widest = items.map { TextWidth.columns(of: $0.label) }.max() ?? 0
    return DialogFrame(display, height: items.count, width: max(24, widest + 2))
  }

  /// The first item shown, so that the selected one is visible.
  private func top(height: Int) -> Int { min(max(0, index - height / 2), max(0, items.count - height)) }
}
