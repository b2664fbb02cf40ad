import Cells

extension Painter {
  /// Draws the box list: the filter, each box with its capabilities, and a line about the selected
  /// box.
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
      let key = model.keymap.label(of: .takeBox, in: .boxPicker)
      return picker.query.isEmpty ? [] : [("no match: \(key) uses '\(picker.query)' as typed", .dim)]
    }
    if let problem = choice.problem { return [("not usable: \(problem)", .error)] }
    guard picker.explains else { return [(choice.name + separator + choice.summary, .dim)] }
    let reasons = choice.reasons
    return reasons.isEmpty ? [("\(choice.name) can do everything", .text)] : reasons.map { ($0, .text) }
  }
}
