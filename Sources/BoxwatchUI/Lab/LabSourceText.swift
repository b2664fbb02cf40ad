import ExecModel
import RaceLab

/// The words of the list of sources, in columns that fit all of them.
struct LabSourceText: Hashable, Sendable {
  /// More pending steps than this are not drawn one by one.
  private static let most = 6

  /// Columns of the names, with a blank.
  let nameWidth: Int
  /// Columns of the pending steps, with a blank.
  let pendingWidth: Int
  /// Columns that are left for the words.
  let wordsWidth: Int

  /// Fits the columns to some sources.
  init(_ sources: [SourceStatus], width: Int) {
    nameWidth = (sources.map(\.name.count).max() ?? 0) + 1
    let pending = sources.map { Self.pending($0, LabMarks(isUTF8: true)).reduce(0) { $0 + $1.count } }
    pendingWidth = (pending.max() ?? 0) + 2
    wordsWidth = max(0, width - Self.start - nameWidth - pendingWidth)
  }

  /// Columns of the mark and the number, with a blank.
  static let start = 3

  /// Whether what a source waits for needs a row of its own.
  func needsSecondRow(_ status: SourceStatus) -> Bool { (status.obstacle?.count ?? 0) > wordsWidth }

  /// The words beside a source's steps: its next step, what it waits for, or nothing.
  func words(_ status: SourceStatus) -> String {
    if let obstacle = status.obstacle { return obstacle.count <= wordsWidth ? obstacle : "" }
    return status.next.map(Self.short) ?? "done"
  }

  /// A source's steps to come: what stands before the next one, it, what stands behind it, and the rest.
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
