import Cells

extension Painter {
  /// The list of boxes: what can be typed, each box with what it can do, and a line about the chosen one.
  mutating func paint(_ picker: BoxPicker) {
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

  /// The abilities that have a column; who holds a stream is told by the reasons alone.
  private static let abilities = BoxAbility.allCases.filter { $0 != .holders }
  private static let abilitiesWidth = abilities.reduce(0) { $0 + $1.rawValue.count + 2 }

  /// One box: what is missing is grey, with a dash before it where there is no colour.
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

  /// What there is to say of the chosen box; with the reasons when they were asked for.
  private func about(_ choice: BoxChoice?, _ picker: BoxPicker) -> [(String, Role)] {
    guard let choice else {
      let key = model.keymap.label(of: .takeBox, in: .boxPicker)
      return picker.query.isEmpty ? [] : [("none of these: \(key) takes '\(picker.query)' as it is written", .dim)]
    }
    if let problem = choice.problem { return [("not usable: \(problem)", .error)] }
    guard picker.explains else { return [(choice.name + separator + choice.summary, .dim)] }
    let reasons = choice.reasons
    return reasons.isEmpty ? [("\(choice.name) can do all of it", .text)] : reasons.map { ($0, .text) }
  }
}
