import Cells
import ExecModel

/// The words in a pane's upper edge.
struct PaneTitle: Hashable, Sendable {
  /// A part with its role.
  struct Part: Hashable, Sendable {
    var text: String
    var role: Role
  }

  /// The stream.
  var name: String
  /// The execution's state, on a screen that shows it nowhere else.
  var badge: Part?
  /// How much, and whether it follows.
  var parts: [Part] = []
  /// What stands at the right end when there is room: whose it is, and how lines are shown.
  var extras: [String] = []

  /// The title of a stream's pane; `alone` when there is no list that shows the state.
  init(_ row: ExecutionRow?, _ stream: ExecStream, alone: Bool = false, isUTF8: Bool = true) {
    guard let row else {
      name = stream.name
      return
    }
    name = row.hasTerminal ? "terminal (stdout+stderr merged)" : stream.name
    if alone { badge = Self.badge(row, isUTF8: isUTF8) }
    let state = row.panes[stream]
    parts = [Part(text: NumberText.lines(row.lines(stream)), role: .title)] + Self.follow(row, stream, state)
    if row.stalls[stream] != nil { parts.append(Part(text: "STALLED", role: .warning)) }
    if let search = state.search {
      parts.append(Part(text: search.scan == nil ? "/\(search.needle)" : "searching /\(search.needle)", role: .info))
    }
    let view = state.wraps ? "wrap" : state.column > 0 ? "column \(state.column + 1)" : ""
    extras = [row.origin.words, row.spec.user.map { "as " + $0 } ?? "", view].filter { !$0.isEmpty }
  }

  /// The parts that fit: where room is short the count goes first, then the last ones.
  func fitting(_ width: Int, separator: String) -> [Part] {
    func columns(_ parts: [Part]) -> Int {
      ((badge.map { [$0] } ?? []) + parts).reduce(TextWidth.columns(of: name) + 2) {
        $0 + TextWidth.columns(of: separator + $1.text)
      }
    }
    var fitting = parts
    if columns(fitting) > width, !fitting.isEmpty { fitting.removeFirst() }
    while columns(fitting) > width, !fitting.isEmpty { fitting.removeLast() }
    return fitting
  }

  private static func badge(_ row: ExecutionRow, isUTF8: Bool) -> Part {
    let badge = row.badge
    let words = [String(isUTF8 ? badge.glyph : badge.ascii), badge.word, row.statusWords].filter { !$0.isEmpty }
    return Part(text: words.joined(separator: " "), role: badge.role)
  }

  private static func follow(_ row: ExecutionRow, _ stream: ExecStream, _ state: PaneState) -> [Part] {
    if state.isFollowing { return [Part(text: row.isOver ? "END" : "FOLLOW", role: .followOn)] }
    let lines = row.lines(stream)
    guard lines > state.linesSeen else { return [Part(text: "PAUSED", role: .followOff)] }
    return [
      Part(text: "PAUSED", role: .followOff),
      Part(text: "\(NumberText.grouped(lines - state.linesSeen)) new", role: .followOff),
    ]
  }
}
