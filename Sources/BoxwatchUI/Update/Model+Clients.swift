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

// Commands of a long list: those whose turn has not come, and those that have been over for long.
extension Model {
  /// Most finished executions of this boxwatch's own that have a row.
  static let ownRowLimit = 1000
  /// How many more there may be before rows are dropped: to drop one after the other costs more.
  private static let slack = 100

  mutating func add(waiting commands: [Message.Queued]) {
    for command in commands where index(of: command.id) == nil {
      var row = ExecutionRow(
        id: command.id, spec: command.spec, box: command.box, number: nextNumber(), created: now)
      row.state = .waiting
      append(row)
    }
  }

  /// The row stays where it is and keeps its number.
  mutating func begin(_ waiting: ExecutionID, as id: ExecutionID, created: UInt64) {
    guard let index = index(of: waiting), rows[index].isWaiting else { return }
    let row = rows[index]
    replace(
      at: index, with: ExecutionRow(id: id, spec: row.spec, box: row.box, number: row.number, created: created))
  }

  mutating func drop(waiting id: ExecutionID) {
    guard let row = row(id), row.isWaiting else { return }
    droppedOwn["cancelled", default: 0] += 1
    remove([id])
  }

  /// Takes the oldest finished rows of our own away when there are too many, those first that ended well.
  mutating func dropOldestOwn() -> [Effect] {
    let finished = rows.filter { $0.origin == .own && $0.isOver }
    guard finished.count > Self.ownRowLimit + Self.slack else { return [] }
    let chosen = selected?.id
    let isWell = { (row: ExecutionRow) in row.conclusion.map { $0.isWhole && $0.outcome.status.isSuccess } ?? false }
    let order = finished.filter(isWell) + finished.filter { !isWell($0) }
    let victims = order.prefix(finished.count - Self.ownRowLimit).filter { $0.id != chosen }
    for row in victims { droppedOwn[row.badge.word, default: 0] += 1 }
    remove(Set(victims.map(\.id)))
    return victims.map { .forget($0.id) }
  }

  /// All rows that were dropped, by the word of their state.
  var allDropped: [String: Int] { dropped.merging(droppedOwn, uniquingKeysWith: +) }

  /// Why nothing can be done to a command that waits; nil for one that does not.
  func waitingRefusal(_ row: ExecutionRow) -> String? {
    guard row.isWaiting else { return nil }
    let (start, cancel) = (keymap.label(of: .startWaiting, in: .main), keymap.label(of: .forceClose, in: .main))
    return "execution \(row.number) waits for its turn: \(start) starts it now, \(cancel) takes it off the list"
  }
}
