import ExecEngine
import ExecModel
import Synchronization

// Ends abandoned and overdue executions, and forgets finished ones.
extension Store {
  /// Ends executions that have had no client for too long, kills those that exceed the maximum age,
  /// and forgets those that ended long ago.
  ///
  /// Executions that no client started are left to their owner.
  func reap() {
    let time = now()
    let (due, over, freed) = content.withLock { content in
      var due: [(id: ExecutionID, signal: Signal)] = []
      var over: [ExecutionID] = []
      var freed = 0
      for (id, record) in content.executions {
        if !record.isAwaited(at: time) { content.executions[id]?.hold = nil }
        if isForgotten(record, at: time) {
          content.remove(id)
          freed += record.cost
          if record.box != nil { over.append(id) }
        } else if let signal = signal(for: record, at: time) {
          content.executions[id]?.warnings += 1
          due.append((id, signal))
        }
      }
      let oldest = forgetOldest(&content)
      over += oldest.filter { $0.box != nil }.map(\.id)
      return (due, over, oldest.reduce(freed) { $0 + $1.cost })
    }
    for id in over { forget(id) }
    for (id, signal) in due {
      // An execution that cannot be signalled is killed.
      if signal == .kill || (try? engine.signal(id, signal)) == nil { kill(id) }
    }
    self.freed.add(freed)
  }

  /// Forgets the executions that ended first when more are known than the limit: at a few hundred
  /// starts a second, the retention time alone would keep a hundred megabytes of them.
  private func forgetOldest(_ content: inout Content) -> ArraySlice<ExecutionRecord> {
    let over = content.executions.values.filter { $0.ended != nil && !$0.isAttached }
    guard over.count > configuration.finishedLimit else { return [] }
    let oldest = over.sorted { ($0.ended ?? 0) < ($1.ended ?? 0) }.prefix(over.count - configuration.finishedLimit)
    for record in oldest { content.remove(record.id) }
    return oldest
  }

  /// Forgets an execution, so that a long-lived server does not grow; the record on disk stays, and
  /// its readers are not affected.
  func forget(_ id: ExecutionID) {
    if configuration.forgetsExecutions { try? engine.forget(id) }
  }

  private func isForgotten(_ record: ExecutionRecord, at time: UInt64) -> Bool {
    guard let ended = record.ended, !record.isAttached else { return false }
    return time >= max(ended, record.idleSince) &+ configuration.times.retention.nanoseconds
  }

  private func signal(for record: ExecutionRecord, at time: UInt64) -> Signal? {
    let times = configuration.times
    guard record.ended == nil, record.box != nil else { return nil }
    if time >= record.begin &+ times.session.nanoseconds { return .kill }
    guard !record.isAttached else { return nil }
    let patience = times.reconnect.nanoseconds &+ UInt64(record.warnings) &* times.shutdown.nanoseconds
    guard time >= record.idleSince &+ patience else { return nil }
    return [.hangUp, .terminate, .kill][min(record.warnings, 2)]
  }
}
