import Cells
import ExecModel

extension Model {
  /// Columns of one horizontal step.
  private static let sidewaysStep = 8

  /// The text of one of the selected execution's panes, and the pane's height.
  func paneText(_ stream: ExecStream, column: Int? = nil, _ text: TextLookup) -> (rows: PaneText, height: Int)? {
    let layout = Layout(self)
    guard let row = selected, let frame = layout.pane(stream) ?? layout.panes.first else { return nil }
    let state = row.panes[stream]
    let rows = PaneText(
      source: row.source(stream, text), limit: row.lengths[stream], width: frame.textWidth, wraps: state.wraps,
      column: column ?? state.column, metaRows: PaneMeta(row, stream)?.rowCount(width: frame.textWidth) ?? 0,
      gaps: row.gaps(stream))
    return (rows, frame.content.height)
  }

  mutating func move(_ movement: Movement, _ text: TextLookup) {
    guard let stream = focus.stream else { return moveInList(movement) }
    guard selected != nil else { return }
    let page = max(1, (Layout(self).pane(stream)?.content.height ?? 1) - 1)
    switch movement {
    case .up: scroll(stream, by: -1, text)
    case .down: scroll(stream, by: 1, text)
    case .halfPageUp: scroll(stream, by: -max(1, page / 2), text)
    case .halfPageDown: scroll(stream, by: max(1, page / 2), text)
    case .pageUp: scroll(stream, by: -page, text)
    case .pageDown: scroll(stream, by: page, text)
    case .top: goToTop(stream, text)
    case .bottom: rows[selection].panes[stream].position = .following
    }
  }

  /// The list shows the newest execution first: up selects a newer one.
  private mutating func moveInList(_ movement: Movement) {
    let page = max(1, Layout(self).listRows.height)
    let last = rows.count - 1
    switch movement {
    case .up: select(selection + 1)
    case .down: select(selection - 1)
    case .halfPageUp, .pageUp: select(min(last, selection + page))
    case .halfPageDown, .pageDown: select(max(0, selection - page))
    case .top: select(last)
    case .bottom: select(0)
    }
  }

  /// Scrolls a pane; scrolling up stops following, reaching the end resumes it.
  mutating func scroll(_ stream: ExecStream, by count: Int, _ text: TextLookup) {
    guard let (rows, height) = paneText(stream, text), height > 0 else { return }
    let bottom = rows.bottom(height: height)
    switch self.rows[selection].panes[stream].position {
    case .following where count > 0: return
    case .following: pause(stream, at: rows.moved(bottom, by: count, height: height), unless: bottom)
    case .at(let anchor):
      let next = rows.moved(anchor, by: count, height: height)
      self.rows[selection].panes[stream].position = count > 0 && next >= bottom ? .following : .at(next)
    }
  }

  private mutating func goToTop(_ stream: ExecStream, _ text: TextLookup) {
    guard let (rows, height) = paneText(stream, text) else { return }
    pause(stream, at: rows.top, unless: rows.bottom(height: height))
  }

  /// Stops following at an anchor; a pane whose whole text fits keeps following.
  private mutating func pause(_ stream: ExecStream, at anchor: TextAnchor, unless bottom: TextAnchor) {
    guard anchor != bottom else { return }
    hold(stream, at: anchor)
  }

  /// Holds the pane at an anchor, and counts new lines from now on.
  mutating func hold(_ stream: ExecStream, at anchor: TextAnchor) {
    if rows[selection].panes[stream].isFollowing {
      rows[selection].panes[stream].linesSeen = rows[selection].lines(stream)
    }
    rows[selection].panes[stream].position = .at(anchor)
  }

  mutating func toggleFollow(_ text: TextLookup) {
    let streams = chosenStreams
    guard let row = selected else { return }
    let follows = streams.contains { row.panes[$0].isFollowing }
    for stream in streams {
      if follows, let (rows, height) = paneText(stream, text) {
        hold(stream, at: rows.bottom(height: height))
      } else {
        rows[selection].panes[stream].position = .following
      }
    }
  }

  mutating func moveSideways(_ movement: SidewaysMovement, _ text: TextLookup) {
    guard let stream = focus.stream, let frame = Layout(self).pane(stream) else { return }
    let widest = widestLine(stream, text)
    let last = max(0, widest - frame.textWidth)
    let column = rows[selection].panes[stream].column
    switch movement {
    case .left: rows[selection].panes[stream].column = max(0, column - Self.sidewaysStep)
    case .right: rows[selection].panes[stream].column = max(column, min(last, column + Self.sidewaysStep))
    case .lineStart: rows[selection].panes[stream].column = 0
    case .lineEnd: rows[selection].panes[stream].column = last
    }
  }

  /// The width of the widest line on the screen, in columns.
  private func widestLine(_ stream: ExecStream, _ text: TextLookup) -> Int {
    guard let (rows, height) = paneText(stream, column: 1 << 17, text) else { return 0 }
    let start = top(of: stream, rows, height)
    return rows.rows(from: start, count: height).map(\.cells.count).max() ?? 0
  }

  /// The anchor of a pane's first row.
  func top(of stream: ExecStream, _ rows: PaneText, _ height: Int) -> TextAnchor {
    switch selected?.panes[stream].position {
    case .at(let anchor): anchor
    case .following, nil: rows.bottom(height: height)
    }
  }
}
