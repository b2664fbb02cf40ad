import ExecModel
import Widgets

extension Model {
  mutating func openSearch() {
    guard let stream = focus.stream ?? selected?.streams.first else { return }
    dialog = .search(SearchLine(stream))
  }

  /// Starts a search at the first row shown; an empty line clears the current search.
  mutating func beginSearch(_ needle: String, _ stream: ExecStream, _ text: TextLookup) -> [Effect] {
    guard let row = selected, row.streams.contains(stream) else { return [] }
    focus = .pane(stream)
    guard !needle.isEmpty, let (rows, height) = paneText(stream, text) else {
      self.rows[selection].panes[stream].search = nil
      return []
    }
    Histories.add(needle, to: &histories.searches)
    let start = PaneSearch.Scan(offset: top(of: stream, rows, height).offset, isForward: true)
    self.rows[selection].panes[stream].search = PaneSearch(needle: needle)
    return begin(start, in: PaneAddress(id: row.id, stream: stream), text)
  }

  mutating func findNext(forward: Bool, _ text: TextLookup) -> [Effect] {
    guard let row = selected, let stream = focus.stream, let search = focusedSearch,
      let (rows, height) = paneText(stream, text)
    else { return [] }
    let from = search.current ?? top(of: stream, rows, height).offset
    // An offset inside a piece is moved forward to the next piece: one past the found piece's start
    // skips it.
    let offset = forward && search.current != nil ? from &+ 1 : from
    let scan = PaneSearch.Scan(offset: offset, isForward: forward)
    return begin(scan, in: PaneAddress(id: row.id, stream: stream), text)
  }

  /// Starts a scan in the selected row, replacing a scan in progress.
  private mutating func begin(_ scan: PaneSearch.Scan, in place: PaneAddress, _ text: TextLookup) -> [Effect] {
    stopScan()
    rows[selection].panes[place.stream].search?.scan = scan
    scanning = place
    return isStepDue ? [] : step(text)
  }

  /// Stops the scan in progress, in whichever pane it is.
  mutating func stopScan() {
    if let place = scanning, let index = index(of: place.id) { rows[index].panes[place.stream].search?.scan = nil }
    scanning = nil
  }

  /// Performs the next step of the scan in progress, if there still is one.
  mutating func proceed(_ text: TextLookup) -> [Effect] {
    isStepDue = false
    return step(text)
  }

  private mutating func step(_ text: TextLookup) -> [Effect] {
    guard let place = scanning, let index = index(of: place.id),
      let search = rows[index].panes[place.stream].search, let scan = search.scan
    else {
      scanning = nil
      return []
    }
    guard let source = rows[index].source(place.stream, text) else {
      return end(search, index, place.stream, found: nil, text)
    }
    let limit = rows[index].lengths[place.stream]
    switch SearchScan.step(scan, needle: Needle(search.needle), in: source, limit: limit) {
    case .more(let next):
      rows[index].panes[place.stream].search?.scan = next
      isStepDue = true
      return [.proceed]
    case .found(let offset): return end(search, index, place.stream, found: offset, text)
    case .nothing: return end(search, index, place.stream, found: nil, text)
    }
  }

  private mutating func end(
    _ search: PaneSearch, _ index: Int, _ stream: ExecStream, found: UInt64?, _ text: TextLookup
  ) -> [Effect] {
    rows[index].panes[stream].search?.scan = nil
    scanning = nil
    guard let found else {
      let direction = search.scan?.isForward ?? true ? "below" : "above"
      say("no \(search.current == nil ? "" : "further ")match for '\(search.needle)' \(direction)")
      return []
    }
    rows[index].panes[stream].search?.current = found
    if index == selection { show(found, stream, text) }
    return []
  }

  /// Scrolls a piece into view and holds the pane there.
  private mutating func show(_ offset: UInt64, _ stream: ExecStream, _ text: TextLookup) {
    guard let (rows, height) = paneText(stream, text), height > 0 else { return }
    let start = top(of: stream, rows, height)
    let isShown = rows.rows(from: start, count: height).contains { $0.anchor.offset == offset }
    let context = rows.moved(TextAnchor(offset: offset), by: -(height / 3), height: height)
    hold(stream, at: isShown ? start : min(context, rows.bottom(height: height)))
  }
}
