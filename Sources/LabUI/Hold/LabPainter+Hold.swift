import Cells
import ExecModel
import RaceLab
import Widgets

extension LabPainter {
  /// Draws the hold page, except for the status line and the dialogs.
  mutating func paint(_ hold: HoldModel) {
    let layout = HoldLayout(height: display.height, width: display.width)
    paintHoldHeader(hold, layout.header)
    guard let snapshot = hold.snapshot else { return paintHoldIntroduction(layout) }
    paintGates(snapshot, layout.gates)
    let sides = [hold.left, .drainOrdered].compactMap(snapshot.side)
    for (side, place) in zip(sides, layout.halves) { paintHoldHalf(side, place) }
    if let timeline = layout.timeline { paintHoldTimeline(HoldTimeline(snapshot, sides: sides), timeline) }
  }

  private mutating func paintHoldHeader(_ hold: HoldModel, _ area: Rect) {
    grid.fill(area, style: style(.statusbar))
    write(
      [(" race lab", .titleFocus), ("   holding a real exec   ", .dim), ("$ \(hold.command)", .statusbar)],
      on: .statusbar, row: area.row, column: area.column, within: area)
  }

  private mutating func paintHoldIntroduction(_ layout: HoldLayout) {
    let lines = [
      "A real command runs here, with a gate on each of its pumps and on its exit.",
      "All three are closed at the start: let them go in any order, and see what",
      "each of the two dispatchers tells its user.",
    ]
    for (index, line) in lines.enumerated() {
      grid.write(line, row: layout.gates.row + 1 + index, column: 2, style: style(.text))
    }
  }

  private mutating func box(_ place: Rect, _ title: String) {
    grid.box(place, style: style(.border), ascii: !display.isUTF8, title: title, titleStyle: style(.title))
  }

  private mutating func paintGates(_ snapshot: HeldSnapshot, _ place: Rect) {
    let process = snapshot.processIdentifier.map { "process \($0)" } ?? "gates"
    box(place, "gates\(separator)\(process)")
    let inner = place.inset(by: 1)
    for (index, line) in HoldGateText(snapshot, isUTF8: display.isUTF8).lines().enumerated() {
      write(line, row: inner.row + index, column: inner.column, within: inner)
    }
  }

  private mutating func paintHoldTimeline(_ timeline: HoldTimeline, _ place: Rect) {
    box(place, "what really happened")
    let inner = place.inset(by: 1)
    let arrow = glyph(" → ", " -> ")
    let lines = timeline.lines(width: inner.width - 1, separator: arrow)
    for (index, line) in lines.suffix(inner.height).enumerated() {
      let parts = line.flatMap { entry in
        [
          (entry.clock + " ", Role.gutterTime), (entry.words, entry.role),
          (entry == timeline.entries.last ? "" : arrow, .dim),
        ]
      }
      write(parts, row: inner.row + index, column: inner.column + 1, within: inner)
    }
  }
}

// MARK: - A half

extension LabPainter {
  private mutating func paintHoldHalf(_ side: HeldSide, _ place: Rect) {
    box(place, side.kind == .drainOrdered ? "boxwatch (\(side.kind.name))" : side.kind.name)
    let inner = place.inset(by: 1)
    let lines = WordWrap.clauses(side.verdict, width: inner.width - 3)
    for (index, line) in lines.enumerated() {
      let mark = index == 0 ? " \(side.glyph(isUTF8: display.isUTF8)) " : "   "
      write(
        [(mark, side.role), (line, side.role)], row: inner.row + index, column: inner.column, within: inner)
    }
    let top = inner.row + lines.count
    let rows = max(0, inner.height - lines.count)
    let told = min(max(1, side.told.count), 3, rows / 2)
    paintTold(side, Rect(row: top, column: inner.column, height: told, width: inner.width))
    paintText(side, Rect(row: top + told, column: inner.column, height: rows - told, width: inner.width))
  }

  private mutating func paintTold(_ side: HeldSide, _ place: Rect) {
    if side.told.isEmpty { paintRow("told", "nothing", .dim, place, 0) }
    for (index, told) in side.told.suffix(place.height).enumerated() {
      let (mark, role) = look(of: told)
      paintRow(index == 0 ? "told" : "", mark + " " + told.words, role, place, index)
    }
  }

  /// The mark and role of an announcement, the same as on the stepping page.
  private func look(of told: HeldTold) -> (String, Role) {
    let marks = LabMarks(isUTF8: display.isUTF8)
    switch told {
    case .output(let stream, _): return (marks.chunk(stream), .of(stream))
    case .terminal(.wait): return (marks.waitAnswered, .titleFocus)
    case .terminal: return (marks.exitAnnounced, .titleFocus)
    }
  }

  /// The user's last lines, stdout's first, then stderr's, and the lines that the user will never
  /// receive.
  private mutating func paintText(_ side: HeldSide, _ place: Rect) {
    let lost = side.lostRows.suffix(min(place.height, max(1, place.height / 3)))
    let rows = place.height - lost.count
    let text = side.lines
    let errors = text.stderr.suffix(text.stdout.isEmpty ? rows : min(text.stderr.count, max(1, rows / 3)))
    let output = text.stdout.suffix(max(0, rows - errors.count))
    let lines = output.map { ($0, Role.streamStdout) } + errors.map { ($0, .streamStderr) }
    if lines.isEmpty { paintRow("has", "nothing", .dim, place, 0) }
    for (index, line) in lines.enumerated() { paintRow(index == 0 ? "has" : "", line.0, line.1, place, index) }
    let first = max(1, lines.count)
    let mark = LabMarks(isUTF8: display.isUTF8).lost + " "
    for (index, line) in lost.enumerated() {
      paintRow(index == 0 ? "lost" : "", mark + line, .execLost, place, first + index)
    }
  }

  private mutating func paintRow(_ label: String, _ text: String, _ role: Role, _ place: Rect, _ index: Int) {
    guard index < place.height else { return }
    grid.write(label, row: place.row + index, column: place.column + 1, style: style(.dim), within: place)
    grid.write(text, row: place.row + index, column: place.column + 6, style: style(role), within: place)
  }
}
