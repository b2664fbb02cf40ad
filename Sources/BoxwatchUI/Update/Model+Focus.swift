import ExecModel

extension Model {
  /// Selects a row, when there is one.
  mutating func select(_ index: Int) {
    guard rows.indices.contains(index) else { return }
    selection = index
    followsNewest = index == rows.count - 1
    // A terminal has no standard error: the focus stays on something that is there.
    if let stream = focus.stream, !rows[index].streams.contains(stream) { focus = .pane(.stdout) }
  }

  mutating func moveFocus(by step: Int) {
    let places = [Focus.list] + (selected?.streams ?? []).map(Focus.pane)
    let index = places.firstIndex(of: focus) ?? 0
    focus = places[(index + step + places.count) % places.count]
    if isZoomed, focus == .list { isZoomed = false }
  }

  mutating func enter() {
    guard focus == .list, let first = selected?.streams.first else { return }
    focus = .pane(first)
  }

  /// One level out: the search that goes on, the search that is shown, the zoom, the pane.
  mutating func leave() {
    if scanning != nil {
      // Wherever it goes on: whoever wants it to end need not find its pane first.
      stopScan()
      say("the search was ended")
    } else if let stream = focus.stream, focusedSearch != nil {
      rows[selection].panes[stream].search = nil
    } else if isZoomed {
      isZoomed = false
    } else {
      focus = .list
    }
  }

  mutating func toggleZoom() {
    isZoomed.toggle()
    if isZoomed { enter() }
  }

  mutating func toggleWrap() {
    for stream in chosenStreams {
      rows[selection].panes[stream].wraps.toggle()
      rows[selection].panes[stream].column = 0
      if case .at(let anchor) = rows[selection].panes[stream].position {
        rows[selection].panes[stream].position = .at(TextAnchor(offset: anchor.offset))
      }
    }
  }

  /// The focused pane's stream; both when the list has the focus.
  var chosenStreams: [ExecStream] { focus.stream.map { [$0] } ?? selected?.streams ?? [] }
}
