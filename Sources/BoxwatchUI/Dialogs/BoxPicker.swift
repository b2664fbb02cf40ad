import Cells
import Widgets

/// The box list of the start prompt: arrow keys select; typing filters, or names a box that is not
/// listed.
public struct BoxPicker: Hashable, Sendable {
  /// The maximum length of the filter, in characters.
  static let queryLimit = 200

  /// The prompt to return to.
  public var prompt: StartPrompt
  /// The text of the filter.
  public private(set) var query = ""
  /// The selected box; it stays selected when the list changes.
  public private(set) var chosen: String
  /// Whether the search for boxes is still running.
  public var isListing = true
  /// Whether the reasons for missing capabilities are shown.
  public var explains = false

  /// Creates a list with the prompt's box selected.
  public init(_ prompt: StartPrompt) {
    self.prompt = prompt
    chosen = prompt.box
  }

  /// The boxes that match the filter.
  public func shown(of boxes: [BoxChoice]) -> [BoxChoice] { boxes.filter { $0.fits(query) } }

  /// The index of the selected box among those shown; 0 when it is not among them.
  public func index(in shown: [BoxChoice]) -> Int { shown.firstIndex { $0.name == chosen } ?? 0 }

  /// Selects by index among the boxes shown, clamped to the valid range.
  mutating func choose(_ index: Int, in shown: [BoxChoice]) {
    guard !shown.isEmpty else { return }
    chosen = shown[min(max(0, index), shown.count - 1)].name
  }

  /// Appends text to the filter.
  mutating func type(_ text: String) {
    query = String((query + text.map { $0.isNewline ? " " : $0 }).prefix(Self.queryLimit))
  }

  /// Deletes the last character of the filter, or all of it.
  mutating func untype(all: Bool = false) { query = all ? "" : String(query.dropLast()) }
}

extension BoxPicker: DialogContent {
  var dialog: Dialog { .boxes(self) }

  func hints(_ keymap: Keymap) -> [KeyHint] { keymap.boxPicker.hints() }

  mutating func handle(_ key: Key, in model: inout Model, _ text: TextLookup) -> DialogStep {
    let shown = shown(of: model.boxes)
    switch model.keymap.boxPicker.command(for: key) {
    case .take: return take(shown, in: &model)
    case .explain: explains.toggle()
    case .cancel: return .replace(.start(prompt))
    case .move(let command): move(command, shown, page: max(1, BoxPickerLayout(model, self).rows.height - 1))
    case nil: if case .character(let character) = key { type(String(character)) }
    }
    return .stay
  }

  private mutating func move(_ command: PickerMove, _ shown: [BoxChoice], page: Int) {
    let index = index(in: shown)
    switch command {
    case .up: choose(index - 1, in: shown)
    case .down: choose(index + 1, in: shown)
    case .pageUp: choose(index - page, in: shown)
    case .pageDown: choose(index + page, in: shown)
    case .first: choose(0, in: shown)
    case .last: choose(shown.count, in: shown)
    case .untype: untype()
    case .untypeAll: untype(all: true)
    }
  }

  /// Returns to the prompt with the selected box, or with the typed name when none matches; an
  /// unusable box is refused.
  private func take(_ shown: [BoxChoice], in model: inout Model) -> DialogStep {
    var prompt = prompt
    if !shown.isEmpty {
      let choice = shown[index(in: shown)]
      if let problem = choice.problem {
        model.say("\(choice.name) cannot be used: \(problem)", isError: true)
        return .stay
      }
      prompt.box = choice.name
    } else if !query.isEmpty {
      prompt.box = query
    }
    prompt.fit(to: model)
    return .replace(.start(prompt))
  }

  mutating func handle(_ event: MouseEvent, in model: inout Model) -> DialogStep {
    let shown = shown(of: model.boxes)
    let before = index(in: shown)
    switch event.action {
    case .wheelUp: choose(before - 1, in: shown)
    case .wheelDown: choose(before + 1, in: shown)
    case .release: break
    case .press, .doublePress:
      let rows = BoxPickerLayout(model, self).rows
      let index = PickerLayout.top(before, of: shown.count, height: rows.height) + event.row - rows.row
      guard event.isIn(rows), index < shown.count else { break }
      choose(index, in: shown)
      if event.action == .doublePress || index == before { return take(shown, in: &model) }
    }
    return .stay
  }

  mutating func paste(_ text: String, in model: inout Model) -> DialogStep {
    type(text)
    return .stay
  }

  func paint(on painter: inout Painter) { painter.paint(self) }
}

/// The layout of the box list: the filter line, the boxes, and the lines about the selected one.
struct BoxPickerLayout: Hashable, Sendable {
  /// The maximum size; a smaller one would look like a mistake.
  private static let most = (height: 30, width: 110)
  private static let fewest = 6
  /// The rows about the selected box, without and with the reasons for missing abilities.
  private static let about = (short: 2, long: 6)

  /// The dialog.
  var frame: DialogFrame
  /// The filter line.
  var query: Rect
  /// The boxes.
  var rows: Rect
  /// The lines about the selected box.
  var about: Rect

  /// The layout on a model's screen.
  init(_ model: Model, _ picker: BoxPicker) {
    let wanted = max(Self.fewest, model.boxes.count) + 1
    let below = picker.explains ? Self.about.long : Self.about.short
    frame = DialogFrame(
      model.display, height: min(Self.most.height, max(3, model.height - 7), wanted + below),
      width: min(Self.most.width, model.width - (model.width >= 60 ? 6 : 2)))
    let inner = frame.inner
    let aboutHeight = min(below, max(0, inner.height - 4))
    query = Rect(row: inner.row, column: inner.column, height: min(1, inner.height), width: inner.width)
    rows = Rect(
      row: inner.row + 1, column: inner.column, height: max(0, inner.height - 1 - aboutHeight), width: inner.width)
    about = Rect(row: rows.bottom, column: inner.column, height: aboutHeight, width: inner.width)
  }
}

extension Painter {
  /// Draws the box list: the filter, each box with its capabilities, and a line about the selected
  /// box.
  fileprivate mutating func paint(_ picker: BoxPicker) {
    let layout = BoxPickerLayout(model, picker)
    paintBox(layout.frame, "box")
    let shown = picker.shown(of: model.boxes)
    let state = picker.isListing ? "looking for more..." : ""
    paintQuery(picker.query, shown: shown.count, of: model.boxes.count, state, layout.query)
    let chosen = picker.index(in: shown)
    let top = PickerLayout.top(chosen, of: shown.count, height: layout.rows.height)
    let name = min(
      max(8, layout.rows.width - 2 - Self.abilitiesWidth), (shown.map { TextWidth.columns(of: $0.name) }.max() ?? 0) + 2
    )
    for (line, choice) in shown.dropFirst(top).prefix(layout.rows.height).enumerated() {
      let place = Rect(row: layout.rows.row + line, column: layout.rows.column, height: 1, width: layout.rows.width)
      paint(choice, name: name, place)
      if top + line == chosen { choose(place) }
    }
    paintAbout(shown.isEmpty ? nil : shown[chosen], picker, layout.about)
  }

  /// The capabilities that have a column; the one for stream holders appears only among the
  /// reasons.
  private static let abilities = BoxAbility.allCases.filter { $0 != .holders }
  private static let abilitiesWidth = abilities.reduce(0) { $0 + $1.rawValue.count + 2 }

  /// Draws one box: missing capabilities are grey, with a dash before them where there is no
  /// colour.
  private mutating func paint(_ choice: BoxChoice, name: Int, _ place: Rect) {
    var column = place.column + 2
    let room = Rect(row: place.row, column: column, height: 1, width: max(0, min(name - 1, place.right - column)))
    let role: Role = choice.problem == nil ? .text : .dim
    grid.write(choice.name, row: place.row, column: column, style: style(role, on: .dialog), within: room)
    column += name
    guard choice.problem == nil else {
      grid.write(" not usable", row: place.row, column: column, style: style(.dim, on: .dialog), within: place)
      return
    }
    for ability in Self.abilities {
      let can = choice.can(ability)
      let look = style(can ? .helpText : .dim, on: .dialog)
      grid.write((can ? " " : "-") + ability.rawValue, row: place.row, column: column, style: look, within: place)
      column += ability.rawValue.count + 2
    }
  }

  private mutating func paintAbout(_ choice: BoxChoice?, _ picker: BoxPicker, _ place: Rect) {
    let width = max(1, place.width - 2)
    var row = place.row
    for (text, role) in about(choice, picker) {
      for line in WordWrap.lines(text, width: width) where row < place.bottom {
        grid.write(line, row: row, column: place.column + 1, style: style(role, on: .dialog), within: place)
        row += 1
      }
    }
  }

  /// The lines about the selected box, with the reasons when they were requested.
  private func about(_ choice: BoxChoice?, _ picker: BoxPicker) -> [(String, Role)] {
    guard let choice else {
      let key = model.keymap.boxPicker.label(of: .take)
      return picker.query.isEmpty ? [] : [("no match: \(key) uses '\(picker.query)' as typed", .dim)]
    }
    if let problem = choice.problem { return [("not usable: \(problem)", .error)] }
    guard picker.explains else { return [(choice.name + separator + choice.summary, .dim)] }
    let reasons = choice.reasons
    return reasons.isEmpty ? [("\(choice.name) can do everything", .text)] : reasons.map { ($0, .text) }
  }
}
