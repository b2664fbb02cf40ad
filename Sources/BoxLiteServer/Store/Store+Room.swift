import BoxLiteWire
import ExecModel
import Synchronization

// How much clients' executions may be.
extension Store {
  /// Reserves what a client's command costs: it counts as running from here on.
  ///
  /// Executions that are over make room, those first that are over longest; none that a client still takes the end of.
  func reserve(_ cost: Int) throws(ErrorReply) {
    let (limits, time) = (configuration.limits, now())
    let forgotten = try content.withLock { content throws(ErrorReply) in
      guard content.running < limits.executions else {
        throw ErrorReply(
          .resourceExhausted, "\(limits.executions) commands run on this server already: wait for one to end")
      }
      let forgotten = content.makeRoom(for: cost, in: limits.allExecutions) { record in
        record.ended != nil && !record.isAttached && !record.keepsEnd(at: time, for: configuration.times.handOver)
      }
      guard content.bytes + cost <= limits.allExecutions else {
        throw ErrorReply(
          .resourceExhausted,
          "the commands of this server have \(limits.allExecutions) bytes at most: wait for one to end")
      }
      content.running += 1
      return forgotten
    }
    for record in forgotten where record.box != nil { forget(record.id) }
    freed.add(forgotten.reduce(0) { $0 + $1.cost })
  }
}

extension Store.Content {
  /// Takes an execution in; a client's counts as running from its reservation on.
  mutating func insert(_ record: ExecutionRecord) {
    executions[record.id] = record
    bytes += record.cost
  }

  /// Notes an execution's end.
  mutating func end(_ id: ExecutionID, at time: UInt64) {
    guard let record = executions[id] else { return }
    if record.isCounted { running -= 1 }
    executions[id]?.ended = time
  }

  /// Knows an execution no longer.
  @discardableResult
  mutating func remove(_ id: ExecutionID) -> ExecutionRecord? {
    guard let record = executions.removeValue(forKey: id) else { return nil }
    bytes -= record.cost
    if record.isCounted { running -= 1 }
    return record
  }

  /// Removes the oldest of those that may go when there is no room, an eighth more than needed: the next need not look again.
  fileprivate mutating func makeRoom(
    for cost: Int, in size: Int, _ mayGo: (ExecutionRecord) -> Bool
  ) -> [ExecutionRecord] {
    guard bytes + cost > size else { return [] }
    var forgotten: [ExecutionRecord] = []
    for record in executions.values.filter(mayGo).sorted(by: { ($0.ended ?? 0, $0.id) < ($1.ended ?? 0, $1.id) }) {
      guard bytes + cost > size - size / 8 else { break }
      remove(record.id)
      forgotten.append(record)
    }
    return forgotten
  }
}

extension ExecutionRecord {
  /// Whether it counts as one of the clients' commands that run.
  fileprivate var isCounted: Bool { box != nil && ended == nil }
}
