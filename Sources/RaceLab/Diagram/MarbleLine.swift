package import ExecModel

/// The marks of a diagram: one column each, in Unicode or in ASCII.
package struct MarbleGlyphs: Sendable {
  let isASCII: Bool

  /// The marks in ASCII or in Unicode.
  package init(isASCII: Bool) { self.isASCII = isASCII }

  var axis: Character { isASCII ? "-" : "─" }
  /// Marks that columns at the left are not shown.
  var cut: String { isASCII ? "<" : "…" }
  var end: Character { "|" }
  var exit: Character { "x" }
  var waiter: Character { "?" }
  var deadline: Character { "T" }
  var forceClose: Character { "X" }
  /// `Exit` is announced.
  package var exitAnnounced: Character { isASCII ? "^" : "▲" }
  /// A `Wait` is answered.
  package var waitAnswered: Character { isASCII ? "w" : "△" }

  /// A chunk of a stream; hollow when it was not read.
  package func chunk(_ stream: ExecStream, isRead: Bool = true) -> Character {
    if isASCII { return isRead ? (stream == .stdout ? "o" : "e") : "!" }
    switch stream {
    case .stdout: return isRead ? "●" : "○"
    case .stderr: return isRead ? "◆" : "◇"
    }
  }
}

/// A run of text of a marble diagram with its meaning, so that a screen can colour it.
public struct MarblePiece: Hashable, Sendable {
  /// The meaning of a piece.
  public enum Kind: Hashable, Sendable, CaseIterable {
    /// A row's name.
    case label
    /// The time axis, or nothing.
    case axis
    /// A chunk or the end of stdout.
    case stdout
    /// A chunk or the end of stderr.
    case stderr
    /// The reaper's report.
    case exit
    /// A waiter arrives.
    case waiter
    /// The grandchild writes or ends.
    case grandchild
    /// The deadline.
    case deadline
    /// The force close.
    case forceClose
    /// A chunk that was not read.
    case lost
    /// `Exit` is announced.
    case exitAnnounced
    /// A `Wait` is answered.
    case waitAnswered
    /// The verdict: a promise was broken.
    case verdictLost
    /// The verdict: all promises were kept.
    case verdictKept
    /// The verdict so far.
    case verdictOpen
  }

  /// The text.
  public let text: String
  /// Its meaning.
  public let kind: Kind
}

/// The marks of a row while it is drawn: one for each column of the time axis.
struct MarbleLine {
  /// A mark in a column.
  struct Mark {
    let glyph: Character
    let kind: MarblePiece.Kind
  }

  private(set) var marks: [Mark]
  private let starts: [Int]
  private let glyphs: MarbleGlyphs

  /// An empty line; `starts` are the columns of the steps, and one more for the end.
  init(_ starts: [Int], _ glyphs: MarbleGlyphs) {
    self.starts = starts
    self.glyphs = glyphs
    marks = Array(repeating: Mark(glyph: glyphs.axis, kind: .axis), count: max(0, (starts.last ?? 0) - 1))
  }

  /// Draws the steps of a source.
  mutating func draw(_ source: Source, of session: LabSession) {
    var left = session.scenario.length(source)
    for (index, step) in session.schedule.steps.enumerated() where session.taken[index] == source {
      left -= 1
      marks[starts[index]] = mark(step)
      // The line of a source ends with its last step.
      if left == 0 { blank(after: starts[index]) }
    }
  }

  /// Draws the announcements of a dispatcher; several answers to one step stand side by side.
  mutating func draw(_ run: LabSession.LabRun) {
    var used = [Int: Int]()
    var hasEnded = false
    for entry in run.record.entries {
      let column = starts[entry.step] + used[entry.step, default: 0]
      used[entry.step, default: 0] += 1
      guard marks.indices.contains(column) else { continue }
      marks[column] = mark(entry)
      if entry.announcement.isTerminal, !hasEnded {
        hasEnded = true
        blank(after: column)
      }
    }
  }

  /// The marks as pieces, limited to the last `room` columns.
  func pieces(room: Int) -> [MarblePiece] {
    let isCut = marks.count > room
    var rest = isCut ? marks.suffix(max(0, room - 1)) : marks[...]
    var pieces = isCut ? [MarblePiece(text: glyphs.cut, kind: .axis)] : []
    while let first = rest.first {
      let same = rest.prefix { $0.kind == first.kind }
      pieces.append(MarblePiece(text: String(same.map(\.glyph)), kind: first.kind))
      rest = rest.dropFirst(same.count)
    }
    return pieces
  }

  private mutating func blank(after column: Int) {
    for index in marks.indices where index > column { marks[index] = Mark(glyph: " ", kind: .axis) }
  }

  private func mark(_ step: Step) -> Mark {
    switch step {
    case .chunk(let stream, _): Mark(glyph: glyphs.chunk(stream), kind: .stream(stream))
    case .endOfStream(let stream): Mark(glyph: glyphs.end, kind: .stream(stream))
    case .exit: Mark(glyph: glyphs.exit, kind: .exit)
    case .waiter, .lateWaiter: Mark(glyph: glyphs.waiter, kind: .waiter)
    case .grandchildWrites: Mark(glyph: glyphs.chunk(.stdout), kind: .grandchild)
    case .grandchildEnds: Mark(glyph: glyphs.end, kind: .grandchild)
    case .deadline: Mark(glyph: glyphs.deadline, kind: .deadline)
    case .forceClose: Mark(glyph: glyphs.forceClose, kind: .forceClose)
    }
  }

  private func mark(_ entry: AnnouncementRecord.Entry) -> Mark {
    switch entry.announcement {
    case .output(let stream, _):
      Mark(glyph: glyphs.chunk(stream, isRead: entry.isRead), kind: entry.isRead ? .stream(stream) : .lost)
    case .exit: Mark(glyph: glyphs.exitAnnounced, kind: .exitAnnounced)
    case .wait: Mark(glyph: glyphs.waitAnswered, kind: .waitAnswered)
    }
  }
}

extension MarblePiece.Kind {
  /// The kind of a stream's marks.
  static func stream(_ stream: ExecStream) -> Self {
    switch stream {
    case .stdout: .stdout
    case .stderr: .stderr
    }
  }
}
