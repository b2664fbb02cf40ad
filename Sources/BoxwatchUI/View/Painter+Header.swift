import Cells
import ExecModel
import Widgets

/// The text of the top line, shortened to fit.
struct HeaderText: Hashable, Sendable {
  /// The parts after the name, each with its own background: the server, then the counts of
  /// executions by state.
  var parts: [String]

  /// The minimum length of a shortened address.
  private static let smallestAddress = 12

  /// Creates the parts that fit into a width that excludes the name and the clock.
  init(_ model: Model, width: Int, separator: String) {
    let census = Census(model)
    guard let server = model.server else {
      parts = [Self.columns([census.long]) <= width ? census.long : census.short]
      return
    }
    let clients = separator + "\(server.clients) client\(server.clients == 1 ? "" : "s")"
    let candidates = [
      ["serve \(server.address)\(clients)", census.long], ["serve \(server.address)\(clients)", census.short],
      ["\(server.address)\(clients)", census.short],
    ]
    let cut = model.display.isUTF8 ? "…" : ".."
    parts =
      candidates.first { Self.columns($0) <= width }
      ?? Self.cut(server.address, cut, [clients, census.short], width)
      ?? Self.cut(server.address, cut, [clients], width)
      ?? [String(clients.dropFirst(separator.count))]
  }

  /// The end of an address and the parts after it, the first of them without a blank before; nil
  /// when too little of the address remains.
  private static func cut(_ address: String, _ mark: String, _ others: [String], _ width: Int) -> [String]? {
    let room = width - columns(others) - mark.count
    guard room >= smallestAddress || room >= address.count else { return nil }
    let shown = address.count <= room + mark.count ? address : mark + address.suffix(room)
    return [shown + others[0]] + others.dropFirst()
  }

  private static func columns(_ parts: [String]) -> Int { parts.reduce(0) { $0 + 3 + TextWidth.columns(of: $1) } }
}

/// The number of executions in each state.
private struct Census {
  /// `3 execs: 1 running, 1 draining, 1 done`.
  var long: String
  /// `3 execs`.
  var short: String

  /// Counts everything that was shown, dropped rows included.
  init(_ model: Model) {
    var order: [String] = []
    var counts: [String: Int] = [:]
    func count(_ word: String, _ number: Int) {
      if counts[word] == nil { order.append(word) }
      counts[word, default: 0] += number
    }
    for row in model.rows.reversed() { count(row.badge.word, 1) }
    for (word, number) in model.allDropped.sorted(by: { $0.key < $1.key }) { count(word, number) }
    if model.unlisted > 0 { count("waiting", model.unlisted) }
    let total = counts.values.reduce(0, +)
    guard total > 0 else {
      long = "no execs"
      short = long
      return
    }
    short = "\(total) exec\(total == 1 ? "" : "s")"
    long = short + ": " + order.map { "\(counts[$0] ?? 0) \($0)" }.joined(separator: ", ")
  }
}

extension Painter {
  /// Draws the top line: name, server, counts by state, theme, time.
  mutating func paintHeader() {
    guard let area = layout.header else { return }
    grid.fill(area, style: style(.statusbar))
    let name = " boxwatch"
    let clock = "  " + model.clock + " "
    // The clock is left out before the words are.
    let room = area.width - name.count
    let whole = HeaderText(model, width: room, separator: separator)
    let beside = HeaderText(model, width: room - TextWidth.columns(of: clock), separator: separator)
    let parts = model.server == nil ? whole.parts : beside.parts
    let used = write(
      [(name, .titleFocus)] + parts.map { ("   " + $0, .statusbar) }, on: .statusbar, row: area.row,
      column: area.column, within: area)
    let theme = "theme \(model.theme.name)"
    let clockStart = area.right - TextWidth.columns(of: clock)
    guard used < clockStart else { return }
    writeRight(clock, .statusbar, on: .statusbar, row: area.row, end: area.right, within: area)
    guard used + TextWidth.columns(of: theme) + 2 < clockStart else { return }
    writeRight(theme, .dim, on: .statusbar, row: area.row, end: clockStart, within: area)
  }
}
