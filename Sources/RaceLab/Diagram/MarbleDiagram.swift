import ExecModel

/// A row of a marble diagram.
public struct MarbleRow: Hashable, Sendable {
  /// Its pieces, from left to right.
  public let pieces: [MarblePiece]

  /// The row as plain text, without trailing spaces.
  public var text: String {
    let all = pieces.map(\.text).joined()
    let end = all.lastIndex { $0 != " " }
    return end.map { String(all[...$0]) } ?? ""
  }
}

/// A schedule drawn as marbles: a row for each source, and one for the announcements of each dispatcher.
///
/// All rows share one time axis: a mark further right happened later. `●` is a chunk of stdout, `◆` one of stderr, `|`
/// an end of stream, `x` the exit, `?` a waiter; in a dispatcher's row `▲` is `Exit`, `△` a `Wait`, and `○` or `◇` a
/// chunk that came after the consumer stopped reading. In ASCII: `o e | x ?`, `^ w` and `!`.
public struct MarbleDiagram: Hashable, Sendable {
  /// The minimum number of columns of the time axis.
  private static let smallestRoom = 8

  /// The rows, sources first.
  public let rows: [MarbleRow]

  /// Draws the state of a session.
  ///
  /// - Parameters:
  ///   - session: The steps and the answers of each dispatcher.
  ///   - isASCII: Whether only ASCII may be drawn.
  ///   - width: The number of columns; when fewer than needed, the latest steps are shown. Nil for
  ///     all.
  public init(_ session: LabSession, isASCII: Bool = false, width: Int? = nil) {
    let glyphs = MarbleGlyphs(isASCII: isASCII)
    let starts = Self.columns(session)
    let verdicts = session.verdicts
    let names = session.kinds.map(\.name) + session.scenario.sources.map(Self.label)
    let nameWidth = 2 + (names.map(\.count).max() ?? 0)
    let verdictWidth = 2 + (verdicts.map(\.sentence.count).max() ?? 0)
    let room = width.map { max(Self.smallestRoom, $0 - nameWidth - verdictWidth) } ?? .max
    var rows: [MarbleRow] = []
    for source in session.scenario.sources {
      var line = MarbleLine(starts, glyphs)
      line.draw(source, of: session)
      rows.append(MarbleRow(pieces: [Self.name(Self.label(source), nameWidth)] + line.pieces(room: room)))
    }
    for (index, kind) in session.kinds.enumerated() {
      var line = MarbleLine(starts, glyphs)
      line.draw(session.runs[index])
      let pieces = [Self.name(kind.name, nameWidth)] + line.pieces(room: room)
      rows.append(MarbleRow(pieces: pieces + Self.end(verdicts[index])))
    }
    self.rows = rows
  }

  /// Draws a schedule with the given dispatchers.
  public init(_ schedule: Schedule, kinds: [DispatcherKind], isASCII: Bool = false, width: Int? = nil) {
    self.init(LabSession(schedule, kinds: kinds), isASCII: isASCII, width: width)
  }

  /// The rows as lines of plain text.
  public var lines: [String] { rows.map(\.text) }

  /// One row that explains the marks.
  public static func legend(isASCII: Bool = false) -> MarbleRow {
    let glyphs = MarbleGlyphs(isASCII: isASCII)
    let late = isASCII ? "!" : "○◇"
    let entries: [(String, MarblePiece.Kind, String)] = [
      (String(glyphs.chunk(.stdout)), .stdout, " stdout  "), (String(glyphs.chunk(.stderr)), .stderr, " stderr  "),
      (String(glyphs.end), .stdout, " end  "), (String(glyphs.exit), .exit, " exit  "),
      (String(glyphs.waiter), .waiter, " waiter  "), (String(glyphs.deadline), .deadline, " deadline  "),
      (String(glyphs.forceClose), .forceClose, " force close  "),
      (String(glyphs.exitAnnounced), .exitAnnounced, " Exit  "),
      (String(glyphs.waitAnswered), .waitAnswered, " Wait  "),
      (late, .lost, " not read"),
    ]
    return MarbleRow(
      pieces: entries.flatMap { [MarblePiece(text: $0.0, kind: $0.1), MarblePiece(text: $0.2, kind: .label)] })
  }

  /// The column at which each step starts, and one more for the end: a step is as wide as its widest answer, and a gap.
  private static func columns(_ session: LabSession) -> [Int] {
    var widths = [Int](repeating: 1, count: session.taken.count)
    for run in session.runs {
      var answers = [Int](repeating: 0, count: widths.count)
      for entry in run.record.entries where answers.indices.contains(entry.step) { answers[entry.step] += 1 }
      for (step, answer) in answers.enumerated() { widths[step] = max(widths[step], answer) }
    }
    return widths.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1 + 1) }
  }

  private static func label(_ source: Source) -> String {
    switch source {
    case .stdout: "out"
    case .stderr: "err"
    case .exit, .waiter, .lateWaiter, .grandchild, .deadline, .forceClose: source.name
    }
  }

  private static func name(_ text: String, _ width: Int) -> MarblePiece {
    MarblePiece(text: text + String(repeating: " ", count: max(0, width - text.count)), kind: .label)
  }

  private static func end(_ verdict: Verdict) -> [MarblePiece] {
    let kind: MarblePiece.Kind =
      verdict.isLosing ? .verdictLost : verdict.end == nil ? .verdictOpen : .verdictKept
    return [MarblePiece(text: "  ", kind: .axis), MarblePiece(text: verdict.sentence, kind: kind)]
  }
}
