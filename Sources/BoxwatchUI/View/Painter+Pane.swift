import Cells
import ExecModel
import Widgets

extension Painter {
  /// Draws one pane: border or title row, then the stream's rows.
  mutating func paint(_ frame: PaneFrame) {
    let isFocused = model.focus == .pane(frame.stream)
    let title = PaneTitle(model.selected, frame.stream, alone: model.isZoomed, isUTF8: model.display.isUTF8)
    if frame.hasBorder {
      grid.box(frame.outer, style: style(isFocused ? .borderFocus : .border), ascii: !model.display.isUTF8)
      paint(title, isFocused, column: frame.outer.column + 1, frame)
    } else {
      let bar = Rect(row: frame.outer.row, column: frame.outer.column, height: 1, width: frame.outer.width)
      grid.fill(bar, with: model.display.isUTF8 ? "─" : "-", style: style(isFocused ? .borderFocus : .border))
      paint(title, isFocused, column: frame.outer.column, frame)
    }
    guard let row = model.selected, !frame.content.isEmpty else { return }
    paintRows(of: row, frame)
  }

  private mutating func paint(_ title: PaneTitle, _ isFocused: Bool, column: Int, _ frame: PaneFrame) {
    let room = Rect(
      row: frame.outer.row, column: column, height: 1, width: frame.outer.right - column - (frame.hasBorder ? 1 : 0))
    var parts: [(String, Role)] = [(" " + title.name, isFocused ? .titleFocus : .title)]
    if let badge = title.badge { parts.append((separator + badge.text, badge.role)) }
    for part in title.fitting(room.width, separator: separator) { parts.append((separator + part.text, part.role)) }
    parts.append((" ", .title))
    let end = write(parts, row: frame.outer.row, column: column, within: room)
    var extras = title.extras
    while !extras.isEmpty {
      let extra = " \(extras.joined(separator: separator)) "
      if end + TextWidth.columns(of: extra) + 1 < room.right {
        return writeRight(extra, .dim, row: frame.outer.row, end: room.right - 1, within: room)
      }
      // Drops from the front: the last part, the display mode, is shown nowhere else.
      extras.removeFirst()
    }
  }

  private mutating func paintRows(of row: ExecutionRow, _ frame: PaneFrame) {
    let state = row.panes[frame.stream]
    let rows = PaneText(
      source: row.source(frame.stream, text), limit: row.lengths[frame.stream], width: frame.textWidth,
      wraps: state.wraps, column: state.column,
      metaRows: PaneMeta(row, frame.stream)?.rowCount(width: frame.textWidth) ?? 0, gaps: row.gaps(frame.stream))
    let height = frame.content.height
    let top: TextAnchor
    switch state.position {
    case .following: top = rows.bottom(height: height)
    case .at(let anchor): top = anchor
    }
    let needle = state.search.map { Needle($0.needle) }
    let ink = PaneInk(base: style(frame.stream == .stdout ? .streamStdout : .streamStderr), depth: model.display.depth)
    for (line, content) in rows.rows(from: top, count: height).enumerated() {
      let place = Rect(
        row: frame.content.row + line, column: frame.content.column, height: 1, width: frame.content.width)
      switch content.kind {
      case .gap(let bytes): paintGap("\(NumberText.bytes(bytes)) evicted", place)
      case .missing(let gap): paintMissing(gap, place)
      case .meta(let line): paintMeta(row, frame, line, place)
      case .text(let continues):
        paintGutter(continues, frame.stream, place)
        let column = state.wraps ? 0 : state.column
        paintText(content.cells, from: column, place, ink)
        if let needle { paintMatches(needle, content, from: column, isCurrent: state.search?.current, place) }
      }
    }
  }

  private mutating func paintGap(_ words: String, _ place: Rect) {
    let dash = glyph("──", "--")
    grid.write("\(dash) \(words) \(dash)", row: place.row, column: place.column, style: style(.gap), within: place)
  }

  /// Draws a gap in the output; with a shorter text in a narrow pane.
  private mutating func paintMissing(_ gap: OutputGap, _ place: Rect) {
    paintGap(gap.words.count + 6 <= place.width ? gap.words : gap.shortWords, place)
  }

  private mutating func paintMeta(_ row: ExecutionRow, _ frame: PaneFrame, _ line: Int, _ place: Rect) {
    guard let meta = PaneMeta(row, frame.stream) else { return }
    let reason = meta.reasonLines(width: frame.textWidth)
    if line > 0, reason.indices.contains(line - 1) {
      let column = place.column + PaneFrame.gutter
      grid.write(reason[line - 1], row: place.row, column: column, style: style(meta.role), within: place)
      return
    }
    let dash = glyph("──", "--")
    // In order of importance, since a narrow pane truncates the end.
    let words = meta.words.joined(separator: separator)
    grid.write(
      "\(dash) \(words) \(dash)", row: place.row, column: place.column, style: style(meta.role), within: place)
  }

  /// Draws the mark left of the text: a continued line, or standard error.
  private mutating func paintGutter(_ continues: Bool, _ stream: ExecStream, _ place: Rect) {
    if continues {
      grid.write(glyph("↪", "+"), row: place.row, column: place.column, style: style(.gutter), within: place)
    } else if stream == .stderr {
      grid.write(glyph("▎", "!"), row: place.row, column: place.column, style: style(.gutterTag), within: place)
    }
  }

  private mutating func paintText(_ cells: [Cell], from column: Int, _ place: Rect, _ ink: PaneInk) {
    let room = Rect(
      row: place.row, column: place.column + PaneFrame.gutter, height: 1, width: place.width - PaneFrame.gutter)
    guard column < cells.count else {
      if column > 0, !cells.isEmpty { paintEdge(glyph("‹", "<"), room.column, room) }
      return
    }
    let shown = cells[column..<min(cells.count, column + room.width)].map(ink.applied)
    grid.put(shown, row: place.row, column: room.column, within: room)
    if column > 0 { paintEdge(glyph("‹", "<"), room.column, room) }
    if cells.count > column + room.width { paintEdge(glyph("›", ">"), room.right - 1, room) }
  }

  private mutating func paintEdge(_ mark: String, _ column: Int, _ room: Rect) {
    guard room.width > 3 else { return }
    grid.write(mark, row: room.row, column: column, style: style(.dim), within: room)
  }

  private mutating func paintMatches(
    _ needle: Needle, _ content: PaneRow, from column: Int, isCurrent: UInt64?, _ place: Rect
  ) {
    let found = style(isCurrent == content.anchor.offset ? .searchCurrent : .searchMatch)
    let left = place.column + PaneFrame.gutter
    for match in needle.columns(in: content.cells) where match.upperBound > column {
      let first = left + max(0, match.lowerBound - column)
      let area = Rect(
        row: place.row, column: first, height: 1, width: left + match.upperBound - column - first)
      grid.restyle(area.intersection(place)) { $0 = found }
    }
  }
}

/// The text in a pane's top edge.
struct PaneTitle: Hashable, Sendable {
  /// A part with its role.
  struct Part: Hashable, Sendable {
    var text: String
    var role: Role
  }

  /// The stream's name.
  var name: String
  /// The execution's state, where no list shows it.
  var badge: Part?
  /// The amount of output, and whether the pane follows.
  var parts: [Part] = []
  /// The text at the right end, if it fits: the origin and the display mode.
  var extras: [String] = []

  /// Creates the title of a stream's pane; `alone` when no list shows the state.
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

  /// The parts that fit: the count is dropped first, then the last parts.
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
