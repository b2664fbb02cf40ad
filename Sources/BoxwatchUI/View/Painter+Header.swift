import Cells
import ExecModel

/// The words of the top line, as much of them as there is room for.
struct HeaderText: Hashable, Sendable {
  /// What stands after the name, each with its own ground: the server, then how many executions in which state.
  var parts: [String]

  /// The least of an address that says something.
  private static let smallestAddress = 12

  /// The words that fit into so many columns, the name and the clock not counted.
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
    let cut = model.isUTF8 ? "…" : ".."
    parts =
      candidates.first { Self.columns($0) <= width }
      ?? Self.cut(server.address, cut, [clients, census.short], width)
      ?? Self.cut(server.address, cut, [clients], width)
      ?? [String(clients.dropFirst(separator.count))]
  }

  /// The end of an address and what stands behind it, the first of that without a blank between; nil when too little
  /// of the address is left.
  private static func cut(_ address: String, _ mark: String, _ others: [String], _ width: Int) -> [String]? {
    let room = width - columns(others) - mark.count
    guard room >= smallestAddress || room >= address.count else { return nil }
    let shown = address.count <= room + mark.count ? address : mark + address.suffix(room)
    return [shown + others[0]] + others.dropFirst()
  }

  private static func columns(_ parts: [String]) -> Int { parts.reduce(0) { $0 + 3 + TextWidth.columns(of: $1) } }
}

/// How many executions there are in which state.
private struct Census {
  /// `3 execs: 1 running, 1 draining, 1 done`.
  var long: String
  /// `3 execs`.
  var short: String

  /// The census of everything that was shown, rows that were dropped included.
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
  /// The top line: name, server, how many executions in which state, theme, time.
  mutating func paintHeader() {
    guard let area = layout.header else { return }
    grid.fill(area, style: style(.statusbar))
    let name = " boxwatch"
    let clock = "  " + model.clock + " "
    // The clock goes before the words do.
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
