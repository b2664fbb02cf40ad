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
  /// How much, and whether it follows.
  var parts: [Part] = []
  /// What stands at the right end when there is room.
  var extra: String?

  /// The title of a stream's pane.
  init(_ row: ExecutionRow?, _ stream: ExecStream) {
    guard let row else {
      name = stream.name
      return
    }
    name = row.hasTerminal ? "terminal (stdout+stderr merged)" : stream.name
    let state = row.panes[stream]
    parts = [Part(text: NumberText.lines(row.lines(stream)), role: .title)] + Self.follow(row, stream, state)
    if row.stalls[stream] != nil { parts.append(Part(text: "STALLED", role: .warning)) }
    if let search = state.search {
      parts.append(Part(text: search.scan == nil ? "/\(search.needle)" : "searching /\(search.needle)", role: .info))
    }
    extra = state.wraps ? "wrap" : state.column > 0 ? "column \(state.column + 1)" : nil
  }

  private static func follow(_ row: ExecutionRow, _ stream: ExecStream, _ state: PaneState) -> [Part] {
    if state.isFollowing { return [Part(text: row.isDone ? "END" : "FOLLOW", role: .followOn)] }
    let lines = row.lines(stream)
    guard lines > state.linesSeen else { return [Part(text: "PAUSED", role: .followOff)] }
    return [
      Part(text: "PAUSED", role: .followOff),
      Part(text: "\(NumberText.grouped(lines - state.linesSeen)) new", role: .followOff),
    ]
  }
}
