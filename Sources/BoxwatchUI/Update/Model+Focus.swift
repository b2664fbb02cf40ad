import Cells
import ExecModel

extension Model {
  /// Selects a row, if it exists.
  mutating func select(_ index: Int) {
    guard rows.indices.contains(index) else { return }
    selection = index
    followsNewest = index == rows.count - 1
    // A terminal has no standard error: moves the focus to a pane that exists.
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

  /// Leaves one level: the running search, the shown search, the zoom, or the pane.
  mutating func leave() {
    if scanning != nil {
      // Stops the scan in whichever pane it runs: the user need not focus that pane first.
      stopScan()
      say("the search was closed")
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

  /// The focused pane's stream; both streams when the list has the focus.
  var chosenStreams: [ExecStream] { focus.stream.map { [$0] } ?? selected?.streams ?? [] }
}

extension Model {
  /// The executions to measure now: those on the screen, while it shows the usage column.
  var usageTargets: [UsageTarget] {
    guard !isCovered else { return [] }
    let layout = Layout(self)
    guard layout.list != nil else { return [] }
    let shown = ListOrder.visible(self, height: layout.listRows.height)
    guard ListColumns(self, rows: shown, width: layout.listRows.width).usage > 0 else { return [] }
    return shown.map { rows[$0] }.filter { !$0.isOver && !$0.isWaiting }.map { row in
      UsageTarget(
        id: row.id, box: row.box, processIdentifier: row.processIdentifier,
        created: row.created, holders: row.holders.map(\.processIdentifier))
    }
  }

  /// Applies measured usage.
  mutating func take(usage commands: [ExecutionID: UsageSample], boxes: [String: UsageSample]) {
    for (id, sample) in commands { change(id) { $0.usage.take(sample) } }
    for (name, sample) in boxes { boxUsages[name, default: UsageHistory()].take(sample) }
    // A box without a visible command is not measured; its old samples would later be shown as
    // current.
    boxUsages = boxUsages.filter { boxes[$0.key] != nil }
  }
}
