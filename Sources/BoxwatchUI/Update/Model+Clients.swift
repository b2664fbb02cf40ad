import ExecModel

extension Model {
  /// Most finished executions of others that have a row: of clients, and of what is attached to.
  static let clientRowLimit = 200
  /// How long a finished execution stays selected before a client's newer one is shown, in nanoseconds.
  private static let lingering: UInt64 = 1_000_000_000

  /// Shows the newest execution of a client, as long as the user has not chosen another one and reads in none.
  mutating func followClients() {
    guard followsNewest, dialog == nil, rows.last?.origin == .client, selection != rows.count - 1 else { return }
    guard let row = selected else { return }
    let isRead = row.streams.contains { !row.panes[$0].isFollowing }
    guard row.origin == .client, row.isOver, !isRead, now >= row.created &+ row.elapsed(now: now) &+ Self.lingering
    else { return }
    select(rows.count - 1)
  }

  /// Takes the oldest finished rows of others away when there are too many; their journals stay.
  mutating func dropOldest() -> [Effect] {
    let finished = rows.filter { $0.origin != .own && $0.isOver }
    guard finished.count > Self.clientRowLimit else { return [] }
    let chosen = selected?.id
    return finished.prefix(finished.count - Self.clientRowLimit).filter { $0.id != chosen }.map { row in
      dropped[row.badge.word, default: 0] += 1
      if let index = index(of: row.id) { remove(at: index) }
      return .forget(row.id)
    }
  }

  /// The index of the row with a number.
  func index(ofNumber number: Int) -> Int? {
    // Rows are in the order of their numbers.
    var low = 0
    var high = rows.count
    while low < high {
      let middle = (low + high) / 2
      if rows[middle].number < number { low = middle + 1 } else { high = middle }
    }
    return low < rows.count && rows[low].number == number ? low : nil
  }
}
