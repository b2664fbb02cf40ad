import Cells
import ExecModel
import RaceLab
import Widgets

/// Chunks as the lab shows them: on one line, with visible line breaks.
enum LabText {
  /// The text with `↵` for a line break, `\n` in ASCII.
  static func visible(_ text: String, isUTF8: Bool) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: isUTF8 ? "↵" : "\\n")
  }

  /// The start of a text in a width, with a mark when it is truncated; the text must contain narrow
  /// characters only.
  static func head(_ text: String, width: Int, isUTF8: Bool) -> String {
    guard text.count > width else { return text }
    return String(text.prefix(max(0, width - 1))) + (isUTF8 ? "…" : ">")
  }

  /// The end of a text in a width, with a mark when it is truncated; the text must contain narrow
  /// characters only.
  static func tail(_ text: String, width: Int, isUTF8: Bool) -> String {
    guard text.count > width else { return text }
    let mark = isUTF8 ? "…" : "<"
    return mark + String(text.suffix(max(0, width - 1)))
  }
}

extension LabPainter {
  /// From this width on most verdicts fit in one row.
  private static let wideHalf = 34

  /// Draws one half: a dispatcher's verdict, what its client has read, and its queue.
  mutating func paintHalf(_ index: Int, _ lab: LabModel, in place: Rect) {
    let half = LabHalf(lab.session, index)
    let title = half.kind.name
    grid.box(
      place, style: style(.border), ascii: !display.isUTF8, title: title, titleStyle: style(.titleFocus))
    let inner = place.inset(by: 1)
    let room = Rect(row: inner.row, column: inner.column + 1, height: inner.height, width: inner.width - 1)
    var rest = room
    let isRoomy = room.height >= 11
    paintVerdict(half, &rest)
    if isRoomy { drop(1, &rest) }
    paintRead(half, hasHeading: isRoomy, &rest)
    if isRoomy { drop(1, &rest) }
    paintQueue(half, hasHeading: isRoomy, &rest)
    paintAbout(half.kind, &rest)
  }

  private func drop(_ rows: Int, _ rest: inout Rect) {
    let rows = min(rows, rest.height)
    rest = Rect(row: rest.row + rows, column: rest.column, height: rest.height - rows, width: rest.width)
  }

  /// Writes the next row of a half and removes it from the rest; false when there is none.
  private mutating func writeRow(_ parts: [(String, Role)], _ rest: inout Rect) {
    guard rest.height > 0 else { return }
    write(parts, row: rest.row, column: rest.column, within: rest)
    drop(1, &rest)
  }

  private mutating func paintVerdict(_ half: LabHalf, _ rest: inout Rect) {
    let badge = half.badge
    let mark = String(Character(display.isUTF8 ? badge.glyph : badge.ascii))
    let lines = WordWrap.clauses(half.words, width: rest.width - 2)
    for (offset, line) in lines.enumerated() {
      writeRow([(offset == 0 ? mark + " " : "  ", badge.role), (line, badge.role)], &rest)
    }
    // Most verdicts need two rows in a narrow half: the rows below must not move.
    if lines.count == 1, rest.width < Self.wideHalf { drop(1, &rest) }
  }

  private mutating func paintRead(_ half: LabHalf, hasHeading: Bool, _ rest: inout Rect) {
    if hasHeading { writeRow([("its client has read", .dim)], &rest) }
    for stream in ExecStream.allCases {
      let label = stream == .stdout ? "out " : "err "
      writeRow([(label, .dim)] + read(stream, half, width: rest.width - label.count), &rest)
    }
  }

  /// A stream as the client has read it, followed by what the client will never read.
  private func read(_ stream: ExecStream, _ half: LabHalf, width: Int) -> [(String, Role)] {
    let text = LabText.visible(half.text(stream), isUTF8: display.isUTF8)
    let lost = LabText.visible(half.lostText(stream), isUTF8: display.isUTF8)
    if lost.isEmpty {
      return text.isEmpty
        ? [("nothing", .dim)] : [(LabText.tail(text, width: width, isUTF8: display.isUTF8), .of(stream))]
    }
    let shownLost = LabText.head(lost, width: max(8, width - min(text.count, width / 3) - 1), isUTF8: display.isUTF8)
    let room = max(0, width - shownLost.count - 1)
    let shown = room == 0 ? "" : LabText.tail(text, width: room, isUTF8: display.isUTF8)
    return [(shown, .of(stream)), (LabMarks(isUTF8: display.isUTF8).lost + shownLost, .execLost)]
  }

  private mutating func paintQueue(_ half: LabHalf, hasHeading: Bool, _ rest: inout Rect) {
    if hasHeading { writeRow([("it has announced", .dim)], &rest) }
    let rows = half.queue(LabMarks(isUTF8: display.isUTF8), width: rest.width)
    guard !rows.isEmpty else { return writeRow([("nothing", .dim)], &rest) }
    guard rows.count > rest.height, rest.height > 1 else {
      for row in rows.suffix(rest.height) { writeRow([row], &rest) }
      return
    }
    let shown = rest.height - 1
    writeRow([("\(glyph("…", "..")) \(rows.count - shown) before", .dim)], &rest)
    for row in rows.suffix(shown) { writeRow([row], &rest) }
  }

  /// At the bottom, where there is room: what the dispatcher does, and which programs do the same.
  private mutating func paintAbout(_ kind: DispatcherKind, _ rest: inout Rect) {
    let lines = WordWrap.lines(kind.summary + ".", width: rest.width - 1)
    let origin = WordWrap.lines("Who: \(kind.origin).", width: rest.width - 1)
    let all = rest.height >= lines.count + origin.count + 1 ? lines + origin : lines
    guard rest.height > all.count else { return }
    drop(rest.height - all.count, &rest)
    for line in all { writeRow([(line, .dim)], &rest) }
  }
}
