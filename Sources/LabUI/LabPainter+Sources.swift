import Cells
import ExecModel
import RaceLab
import Widgets

/// The text of the list of sources, in columns that fit all of them.
struct LabSourceText: Hashable, Sendable {
  /// The maximum number of pending steps drawn one by one.
  private static let most = 6

  /// The width of the names, with a blank.
  let nameWidth: Int
  /// The width of the pending steps, with a blank.
  let pendingWidth: Int
  /// The remaining width for the words.
  let wordsWidth: Int

  /// Fits the columns to the sources.
  init(_ sources: [SourceStatus], width: Int) {
    nameWidth = (sources.map(\.name.count).max() ?? 0) + 1
    let pending = sources.map { Self.pending($0, LabMarks(isUTF8: true)).reduce(0) { $0 + $1.count } }
    pendingWidth = (pending.max() ?? 0) + 2
    wordsWidth = max(0, width - Self.start - nameWidth - pendingWidth)
  }

  /// The width of the mark and the number, with a blank.
  static let start = 3

  /// Whether a source's obstacle needs a second row.
  func needsSecondRow(_ status: SourceStatus) -> Bool { (status.obstacle?.count ?? 0) > wordsWidth }

  /// The words beside a source's steps: its next step, its obstacle, or nothing.
  func words(_ status: SourceStatus) -> String {
    if let obstacle = status.obstacle { return obstacle.count <= wordsWidth ? obstacle : "" }
    return status.next.map(Self.short) ?? "done"
  }

  /// A source's pending steps: the mark before the next one, the next one, the mark after it, and
  /// the rest.
  static func pending(_ status: SourceStatus, _ marks: LabMarks) -> [String] {
    guard let next = status.next else { return ["", "", "", ""] }
    let edges = status.isEnabled ? ("[", "]") : (" ", " ")
    let glyphs = status.pending.dropFirst().map { glyph($0, marks) }
    let rest = glyphs.count <= most ? glyphs.joined() : glyphs.prefix(3).joined() + marks.more + (glyphs.last ?? "")
    return [edges.0, glyph(next, marks), edges.1, rest]
  }

  private static func glyph(_ step: Step, _ marks: LabMarks) -> String {
    switch step {
    case .chunk(let stream, _): marks.chunk(stream)
    case .endOfStream, .grandchildEnds: "|"
    case .exit: "x"
    case .waiter, .lateWaiter: "?"
    case .grandchildWrites: marks.chunk(.stdout)
    case .deadline: "T"
    case .forceClose: "X"
    }
  }

  private static func short(_ step: Step) -> String {
    switch step {
    case .chunk(_, let index): "chunk \(index &+ 1)"
    case .endOfStream: "end"
    case .exit: "is seen"
    case .waiter(let index): "number \(index &+ 1)"
    case .lateWaiter: "arrives"
    case .grandchildWrites: "writes"
    case .grandchildEnds: "ends"
    case .deadline: "is up"
    case .forceClose: "closes"
    }
  }
}

extension LabPainter {
  /// Draws the list of sources, and below it the effect of Enter.
  mutating func paintSources(_ lab: LabModel, _ layout: LabLayout) {
    grid.box(
      layout.sources, style: style(.borderFocus), ascii: !display.isUTF8, title: "sources",
      titleStyle: style(.titleFocus)
    )
    let statuses = lab.session.sources
    let inner = layout.sources.inset(by: 1)
    let text = LabSourceText(statuses, width: inner.width)
    for row in layout.rows where statuses.indices.contains(row.index) {
      paint(statuses[row.index], number: row.index + 1, text, in: row.place)
      if row.index == lab.selection { select(row.place) }
    }
    let used = layout.rows.last?.place.bottom ?? inner.row
    paintNextStep(
      lab, in: Rect(row: used + 1, column: inner.column, height: inner.bottom - used - 1, width: inner.width))
  }

  private mutating func paint(_ status: SourceStatus, number: Int, _ text: LabSourceText, in place: Rect) {
    let role = self.role(of: status)
    write([(" \(number)", .dim)], row: place.row, column: place.column, within: place)
    let name = place.column + LabSourceText.start
    write([(status.name, role)], row: place.row, column: name, within: place)
    let pending = LabSourceText.pending(status, LabMarks(isUTF8: display.isUTF8))
    let edge: Role = status.isEnabled ? .helpKey : .dim
    let mark = status.isEnabled ? status.next.map(Self.role) ?? .dim : .dim
    let column = name + text.nameWidth
    write(
      [(pending[0], edge), (pending[1], mark), (pending[2], edge), (pending[3], .dim)], row: place.row, column: column,
      within: place)
    let words = column + text.pendingWidth
    write([(text.words(status), status.isEnabled ? .text : .dim)], row: place.row, column: words, within: place)
    guard place.height > 1, let obstacle = status.obstacle else { return }
    write([(obstacle, .dim)], row: place.row + 1, column: name, within: place)
  }

  private func role(of status: SourceStatus) -> Role {
    guard status.isEnabled else { return .dim }
    return status.next.map(Self.role) ?? .dim
  }

  /// The role of a step.
  private static func role(_ step: Step) -> Role {
    switch step {
    case .chunk(let stream, _), .endOfStream(let stream): .of(stream)
    case .exit: .execDraining
    case .waiter, .lateWaiter: .info
    case .grandchildWrites, .grandchildEnds: .streamMeta
    case .deadline: .warning
    case .forceClose: .execKilled
    }
  }

  /// Below the list: describes the step that Enter would take.
  private mutating func paintNextStep(_ lab: LabModel, in room: Rect) {
    guard room.height > 0 else { return }
    if lab.tour == nil { paintAdvice(lab.session, in: room) }
    let session = lab.session
    if session.isComplete {
      return paint(lines: ["everything has happened"], .dim, in: room)
    }
    guard let status = session.sources.first(where: { $0.source == lab.chosen }) else { return }
    guard status.isEnabled, let step = status.next else {
      return paint(
        lines: [status.obstacle.map { "\(status.name): \($0)" } ?? "\(status.name) has nothing left"], .dim, in: room)
    }
    let key = lab.keymap.step.label(of: .takeStep)
    write(
      [(" \(key)", .helpKey), (": \(step.name)", .text)], row: room.row, column: room.column, within: room)
    guard case .chunk(let stream, let chunk) = step, room.height > 1 else { return }
    let text = LabText.visible(session.scenario.text(stream, chunk: chunk), isUTF8: display.isUTF8)
    write([(text, .of(stream))], row: room.row + 1, column: room.column + key.count + 3, within: room)
  }

  /// At the bottom, where there is room: advice at the start and at the end.
  private mutating func paintAdvice(_ session: LabSession, in room: Rect) {
    let advice = session.taken.isEmpty ? Self.firstAdvice : session.isComplete ? Self.lastAdvice : []
    let top = room.bottom - advice.count
    guard top > room.row + 2 else { return }
    for (offset, (command, words)) in advice.enumerated() {
      let key = lab.keymap.step.label(of: command)
      write(
        [(" \(key) ", .helpKey), (words, .dim)], row: top + offset, column: room.column, within: room)
    }
  }

  private static let firstAdvice: [(StepCommand, String)] = [
    (.help, "what all this is"), (.tour, "a tour in five steps"),
  ]
  private static let lastAdvice: [(StepCommand, String)] = [
    (.stepBack, "one step back"), (.restart, "start again"), (.nextLoss, "the left's next loss"),
  ]

  /// Text in one role, wrapped, one blank from the edge.
  mutating func paint(lines texts: [String], _ role: Role, in room: Rect) {
    let lines = texts.flatMap { WordWrap.lines($0, width: room.width - 2) }
    for (offset, line) in lines.prefix(room.height).enumerated() {
      write([(line, role)], row: room.row + offset, column: room.column + 1, within: room)
    }
  }
}
