import Cells
import ExecModel
import RaceLab
import Widgets

extension LabPainter {
  /// Draws the timeline: a row for each source and each half.
  mutating func paintTimeline(_ lab: LabModel, _ layout: LabLayout) {
    guard let place = layout.timeline else { return }
    var inner = place
    if layout.hasTimelineBorder {
      let box = Rect(row: place.row, column: 0, height: place.height - (layout.hasLegend ? 1 : 0), width: place.width)
      grid.box(box, style: style(.border), ascii: !display.isUTF8, title: "time", titleStyle: style(.title))
      inner = box.inset(by: 1)
    }
    let all = MarbleDiagram(lab.session, isASCII: !display.isUTF8, width: inner.width - 2).rows
    let rows = layout.hasTimelineSources ? all[...] : all.suffix(lab.session.kinds.count)
    for (offset, row) in rows.prefix(inner.height).enumerated() { paint(row.pieces, at: inner.row + offset, in: inner) }
    guard layout.hasLegend else { return }
    paint(legend(of: lab.session.scenario), at: place.bottom - 1, in: place)
  }

  /// The marks that can occur in this scenario, with their meaning.
  private func legend(of scenario: Scenario) -> [MarblePiece] {
    let pieces = MarbleDiagram.legend(isASCII: !display.isUTF8).pieces
    var shown: [MarblePiece] = []
    // Each mark is followed by its words.
    for index in stride(from: 0, to: pieces.count - 1, by: 2) where Self.canHave(pieces[index].kind, scenario) {
      shown += [pieces[index], pieces[index + 1]]
    }
    return shown
  }

  private static func canHave(_ kind: MarblePiece.Kind, _ scenario: Scenario) -> Bool {
    switch kind {
    case .waiter, .waitAnswered: scenario.waiters > 0 || scenario.hasLateWaiter
    case .deadline: scenario.hasDeadline
    case .forceClose: scenario.hasForceClose
    case .label, .axis, .stdout, .stderr, .exit, .grandchild, .lost, .exitAnnounced, .verdictLost, .verdictKept,
      .verdictOpen:
      true
    }
  }

  private mutating func paint(_ pieces: [MarblePiece], at line: Int, in room: Rect) {
    write(pieces.map { ($0.text, Self.role($0.kind)) }, row: line, column: room.column + 1, within: room)
  }

  private static func role(_ kind: MarblePiece.Kind) -> Role {
    switch kind {
    case .label: .text
    case .axis: .dim
    case .stdout: .streamStdout
    case .stderr: .streamStderr
    case .exit: .execDraining
    case .waiter, .waitAnswered: .info
    case .grandchild: .streamMeta
    case .deadline: .warning
    case .forceClose: .execKilled
    case .lost, .verdictLost: .execLost
    case .exitAnnounced: .titleFocus
    case .verdictKept: .execOK
    case .verdictOpen: .execDraining
    }
  }

  /// Draws the tour's card: the current state, and what Enter does.
  mutating func paintCard(_ lab: LabModel, _ layout: LabLayout) {
    guard let place = layout.card else { return }
    let card = LabTour.card(lab.session)
    let isBordered = place.height > 2 && display.height >= 20
    grid.fill(place, style: style(.dialog))
    if isBordered {
      let border = style(.borderFocus, on: .dialog)
      let title = card.number.map { "tour, \($0) of \(LabTour.length)" } ?? "tour"
      grid.box(place, style: border, ascii: !display.isUTF8, title: title, titleStyle: border)
    }
    let inner = Rect(
      row: place.row + (isBordered ? 1 : 0), column: 2, height: place.height - (isBordered ? 2 : 0),
      width: place.width - 4)
    let lines = WordWrap.lines(card.text, width: inner.width)
    for (offset, line) in lines.prefix(inner.height - 1).enumerated() {
      write([(line, .text)], on: .dialog, row: inner.row + offset, column: inner.column, within: inner)
    }
    let key = lab.keymap.tour.label(of: .goOn)
    write(
      [(key, .helpKey), (": \(card.next)", .text)], on: .dialog, row: inner.bottom - 1, column: inner.column,
      within: inner)
  }
}

extension Role {
  /// The role of a stream's text.
  static func of(_ stream: ExecStream) -> Role {
    switch stream {
    case .stdout: .streamStdout
    case .stderr: .streamStderr
    }
  }
}
