import Cells
import Widgets

/// The attach list: arrow keys select, typing filters.
public struct Picker: Hashable, Sendable {
  /// The maximum length of the filter, in characters.
  static let queryLimit = 200

  /// All entries, running ones first; nil until the first listing.
  public private(set) var entries: [PickerEntry]?
  /// The text of the filter.
  public private(set) var query = ""
  /// The selected entry, which stays selected when the list changes.
  private var chosen: PickerTarget?
  /// Its last index among the entries shown.
  private var place = 0
  /// Whether a listing was requested and has not arrived.
  var isListing = true

  /// Creates a picker without a listing.
  public init() {}

  /// The entries that match the filter.
  public var shown: [PickerEntry] { (entries ?? []).filter { $0.fits(query) } }

  /// The index of the selected entry among those shown.
  public func index(in shown: [PickerEntry]) -> Int {
    shown.firstIndex { $0.target == chosen } ?? min(place, max(0, shown.count - 1))
  }

  /// Takes a new listing; the sort is stable and the given order is newest first.
  mutating func take(_ listing: [PickerEntry]) {
    entries = listing.filter(\.isRunning) + listing.filter { !$0.isRunning }
    isListing = false
    choose(index(in: shown))
  }

  /// Selects by index among the entries shown, clamped to the valid range.
  mutating func choose(_ index: Int) {
    let shown = shown
    place = min(max(0, index), max(0, shown.count - 1))
    chosen = shown.indices.contains(place) ? shown[place].target : nil
  }

  /// Moves by a number of entries, stopping at the ends.
  mutating func move(by count: Int) { choose(index(in: shown) &+ count) }

  /// Appends text to the filter.
  mutating func type(_ text: String) {
    query = String((query + text.map { $0.isNewline ? " " : $0 }).prefix(Self.queryLimit))
    choose(0)
  }

  /// Deletes the last character of the filter, or all of it.
  mutating func untype(all: Bool = false) {
    query = all ? "" : String(query.dropLast())
    choose(index(in: shown))
  }
}

extension Picker: DialogContent {
  var dialog: Dialog { .picker(self) }

  func hints(_ keymap: Keymap) -> [KeyHint] { keymap.picker.hints() }

  mutating func handle(_ key: Key, in model: inout Model, _ text: TextLookup) -> DialogStep {
    switch model.keymap.picker.command(for: key) {
    case .move(let command): move(command, page: max(1, PickerLayout(model, self).rows.height - 1))
    case .attach: return attach(in: &model)
    case .cancel: return .close()
    case nil: if case .character(let character) = key { type(String(character)) }
    }
    return .stay
  }

  private mutating func move(_ command: PickerMove, page: Int) {
    switch command {
    case .up: move(by: -1)
    case .down: move(by: 1)
    case .pageUp: move(by: -page)
    case .pageDown: move(by: page)
    case .first: choose(0)
    case .last: choose(.max)
    case .untype: untype()
    case .untypeAll: untype(all: true)
    }
  }

  /// Attaches to the selected entry; if it has a row already, only selects it.
  private func attach(in model: inout Model) -> DialogStep {
    let shown = shown
    guard !shown.isEmpty else { return .stay }
    let target = shown[index(in: shown)].target
    if let id = target.id, let index = model.index(of: id) {
      model.select(index)
      return .close()
    }
    model.awaitedStarts += 1
    return .close([.attach(target)])
  }

  mutating func handle(_ event: MouseEvent, in model: inout Model) -> DialogStep {
    switch event.action {
    case .wheelUp: move(by: -1)
    case .wheelDown: move(by: 1)
    case .release: break
    case .press, .doublePress:
      let rows = PickerLayout(model, self).rows
      let shown = shown
      let before = index(in: shown)
      let index = PickerLayout.top(before, of: shown.count, height: rows.height) + event.row - rows.row
      guard event.isIn(rows), index < shown.count else { break }
      choose(index)
      if event.action == .doublePress || index == before { return attach(in: &model) }
    }
    return .stay
  }

  mutating func paste(_ text: String, in model: inout Model) -> DialogStep {
    type(text)
    return .stay
  }

  func paint(on painter: inout Painter) { painter.paint(self) }
}

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
}
