import Cells
import ExecModel

/// The words of the top line, as much of them as there is room for.
struct HeaderText: Hashable, Sendable {
  /// What stands after the name, each with its own ground: the server, then how many executions in which state.
  var parts: [String]

  /// The words that fit into so many columns, the name and the clock not counted.
  init(_ model: Model, width: Int, separator: String) {
    let census = Census(model)
    let servers = model.server.map { Self.server($0, separator) } ?? []
    let candidates =
      servers.isEmpty
      ? [[census.long], [census.short]]
      : [[servers[0], census.long], [servers[0], census.short]] + servers.map { [$0] }
    let fits = candidates.first { parts in
      parts.reduce(0) { $0 + 3 + TextWidth.columns(of: $1) } <= width
    }
    parts = fits ?? candidates.last ?? []
  }

  /// The server's words, longest first: without the word, without the clients' noun, at last the address's end alone.
  private static func server(_ server: ServerStatus, _ separator: String) -> [String] {
    let clients = "\(server.clients) client\(server.clients == 1 ? "" : "s")"
    let tail = "…" + server.address.suffix(10)
    return [
      "serve \(server.address)\(separator)\(clients)", "\(server.address)\(separator)\(clients)",
      "\(server.address.count > 12 ? tail : server.address)\(separator)\(clients)", clients,
    ]
  }
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
    for (word, number) in model.dropped.sorted(by: { $0.key < $1.key }) { count(word, number) }
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
