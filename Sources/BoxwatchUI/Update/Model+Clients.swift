import ExecModel
import Widgets

extension Model {
  /// The maximum number of finished executions of others, of clients and attached ones, that have a
  /// row.
  static let clientRowLimit = 200
  /// How long a finished execution stays selected before a newer one of a client is shown, in
  /// nanoseconds.
  private static let lingering: UInt64 = 1_000_000_000

  /// Selects a client's newest execution once the selected one has been over for a while, unless
  /// the user selected another row or paused a pane.
  mutating func followClients() {
    guard followsNewest, dialog == nil, rows.last?.origin == .client, selection != rows.count - 1 else { return }
    guard let row = selected else { return }
    let isRead = row.streams.contains { !row.panes[$0].isFollowing }
    guard row.origin == .client, row.isOver, !isRead, now >= row.created &+ row.elapsed(now: now) &+ Self.lingering
    else { return }
    select(rows.count - 1)
  }

  /// Removes the oldest finished rows of others beyond the limit; their journals stay.
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
    // Rows are sorted by number.
    var low = 0
    var high = rows.count
    while low < high {
      let middle = (low + high) / 2
      if rows[middle].number < number { low = middle + 1 } else { high = middle }
    }
    return low < rows.count && rows[low].number == number ? low : nil
  }
}

// Commands of a long list: waiting ones, and ones that have been over for a long time.
extension Model {
  /// The maximum number of finished executions of this boxwatch that have a row.
  static let ownRowLimit = 1000
  /// The number of rows beyond the limit before rows are dropped: dropping them one at a time costs
  /// more.
  private static let slack = 100

  mutating func add(waiting commands: [Message.Queued]) {
    for command in commands where index(of: command.id) == nil {
      var row = ExecutionRow(
        id: command.id, spec: command.spec, box: command.box, number: nextNumber(), created: now)
      row.fold = StandingFold(drain: row.spec.drain, from: .waiting)
      append(row)
    }
  }

  /// The row keeps its position and its number.
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

  /// Removes the oldest finished rows of our own beyond the limit, successful ones first.
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

  /// The number of all dropped rows, by the word of their state.
  var allDropped: [String: Int] { dropped.merging(droppedOwn, uniquingKeysWith: +) }

  /// Why no operation is possible on a waiting command; nil for one that is not waiting.
  func waitingRefusal(_ row: ExecutionRow) -> String? {
    guard row.isWaiting else { return nil }
    let (start, cancel) = (keymap.main.label(of: .startWaiting), keymap.main.label(of: .forceClose))
    return "execution \(row.number) waits for its turn: \(start) starts it now, \(cancel) removes it"
  }
}
