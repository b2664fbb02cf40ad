import ExecModel

/// A schedule drawn as marbles: a row for each source, and one for what each dispatcher told its consumer.
///
/// All rows share one time axis, so that what stands further right happened later. `●` is a chunk of stdout, `◆` one of
/// stderr, `|` an end of stream, `x` the exit, `?` a waiter; in a dispatcher's row `▲` is `Exit`, `△` a `Wait`, and `○` or
/// `◇` a chunk that came when nobody read any more. In ASCII: `o e | x ?`, `^ w` and `!`.
public struct MarbleDiagram: Hashable, Sendable {
  /// A mark in a column.
  private struct Mark {
    let glyph: Character
    let kind: MarblePiece.Kind
  }

  /// The rows, sources first.
  public let rows: [MarbleRow]

  /// Draws where a session stands.
  public init(_ session: LabSession, isASCII: Bool = false) {
    let glyphs = MarbleGlyphs(isASCII: isASCII)
    let steps = session.schedule.steps
    let starts = Self.columns(session, steps.count)
    let labels = session.kinds.map(\.name) + session.scenario.sources.map(Self.label)
    let width = labels.map(\.count).max() ?? 0
    var rows = session.scenario.sources.map { source in
      Self.row(
        Self.label(source), width, Self.line(source, session, steps, starts, glyphs), verdict: nil)
    }
    for (index, kind) in session.kinds.enumerated() {
      let line = Self.line(session.runs[index], starts, glyphs)
      rows.append(Self.row(kind.name, width, line, verdict: session.verdicts[index]))
    }
    self.rows = rows
  }

  /// Draws a schedule with dispatchers over it.
  public init(_ schedule: Schedule, kinds: [DispatcherKind], isASCII: Bool = false) {
    self.init(LabSession(schedule, kinds: kinds), isASCII: isASCII)
  }

  /// The rows as lines of plain text.
  public var lines: [String] { rows.map(\.text) }

  /// The column at which each step starts, and one more for the end: a step is as wide as its widest answer, and a gap.
  private static func columns(_ session: LabSession, _ count: Int) -> [Int] {
    var widths = [Int](repeating: 1, count: count)
    for run in session.runs {
      var answers = [Int](repeating: 0, count: count)
      for entry in run.record.entries where answers.indices.contains(entry.step) { answers[entry.step] += 1 }
      for (step, answer) in answers.enumerated() { widths[step] = max(widths[step], answer) }
    }
    return widths.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1 + 1) }
  }

  private static func label(_ source: Source) -> String {
    switch source {
    case .stdout: "out"
    case .stderr: "err"
    case .exit: "exit"
    case .waiter: "waiter"
    case .lateWaiter: "late waiter"
    case .grandchild: "grandchild"
    case .deadline: "deadline"
    case .forceClose: "force close"
    }
  }

  private static func empty(_ starts: [Int], _ glyphs: MarbleGlyphs) -> [Mark] {
    Array(repeating: Mark(glyph: glyphs.axis, kind: .axis), count: max(0, (starts.last ?? 0) - 1))
  }

  private static func line(
    _ source: Source, _ session: LabSession, _ steps: [Step], _ starts: [Int], _ glyphs: MarbleGlyphs
  ) -> [Mark] {
    var line = empty(starts, glyphs)
    var left = session.scenario.length(source)
    for (index, step) in steps.enumerated() where session.taken[index] == source {
      left -= 1
      line[starts[index]] = mark(step, glyphs)
      // A source that has nothing left has no more time.
      if left == 0 { blank(&line, after: starts[index]) }
    }
    return line
  }

  private static func blank(_ line: inout [Mark], after column: Int) {
    for index in line.indices where index > column { line[index] = Mark(glyph: " ", kind: .axis) }
  }

  private static func mark(_ step: Step, _ glyphs: MarbleGlyphs) -> Mark {
    switch step {
    case .chunk(let stream, _): Mark(glyph: glyphs.chunk(stream), kind: kind(stream))
    case .endOfStream(let stream): Mark(glyph: glyphs.end, kind: kind(stream))
    case .exit: Mark(glyph: glyphs.exit, kind: .exit)
    case .waiter, .lateWaiter: Mark(glyph: glyphs.waiter, kind: .waiter)
    case .grandchildWrites: Mark(glyph: glyphs.chunk(.stdout), kind: .grandchild)
    case .grandchildEnds: Mark(glyph: glyphs.end, kind: .grandchild)
    case .deadline: Mark(glyph: glyphs.deadline, kind: .deadline)
    case .forceClose: Mark(glyph: glyphs.forceClose, kind: .forceClose)
    }
  }

  private static func kind(_ stream: ExecStream) -> MarblePiece.Kind { stream == .stdout ? .stdout : .stderr }

  private static func line(_ run: LabSession.LabRun, _ starts: [Int], _ glyphs: MarbleGlyphs) -> [Mark] {
    var line = empty(starts, glyphs)
    var used = [Int: Int]()
    var hasEnded = false
    for entry in run.record.entries {
      let column = starts[entry.step] + used[entry.step, default: 0]
      used[entry.step, default: 0] += 1
      guard line.indices.contains(column) else { continue }
      line[column] = mark(entry, glyphs)
      if entry.announcement.isTerminal, !hasEnded {
        hasEnded = true
        blank(&line, after: column)
      }
    }
    return line
  }

  private static func mark(_ entry: AnnouncementRecord.Entry, _ glyphs: MarbleGlyphs) -> Mark {
    switch entry.announcement {
    case .output(let stream, _):
      Mark(glyph: glyphs.chunk(stream, isRead: entry.isRead), kind: entry.isRead ? kind(stream) : .lost)
    case .exit: Mark(glyph: glyphs.exitAnnounced, kind: .exitAnnounced)
    case .wait: Mark(glyph: glyphs.waitAnswered, kind: .waitAnswered)
    }
  }

  private static func row(_ label: String, _ width: Int, _ line: [Mark], verdict: Verdict?) -> MarbleRow {
    let padding = String(repeating: " ", count: width - label.count + 2)
    var pieces = [MarblePiece(text: label + padding, kind: .label)]
    var rest = line[...]
    while let first = rest.first {
      let same = rest.prefix { $0.kind == first.kind }
      pieces.append(MarblePiece(text: String(same.map(\.glyph)), kind: first.kind))
      rest = rest.dropFirst(same.count)
    }
    if let verdict {
      pieces.append(MarblePiece(text: "  ", kind: .axis))
      pieces.append(MarblePiece(text: verdict.sentence, kind: kind(verdict)))
    }
    return MarbleRow(pieces: pieces)
  }

  private static func kind(_ verdict: Verdict) -> MarblePiece.Kind {
    if verdict.isLosing { return .verdictLost }
    return verdict.end == nil ? .verdictOpen : .verdictKept
  }
}
