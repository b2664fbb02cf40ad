import ExecEngine
import ExecModel
import Synchronization

// Nothing runs on for nobody.
extension Store {
  /// Ends what nobody has been attached to for long, kills what is too old, and forgets what is long over.
  func reap() {
    let time = now()
    let due = content.withLock { content in
      var due: [(id: ExecutionID, signal: Signal)] = []
      for (id, record) in content.executions {
        if isForgotten(record, at: time) {
          content.executions[id] = nil
        } else if let signal = signal(for: record, at: time) {
          content.executions[id]?.warnings += 1
          due.append((id, signal))
        }
      }
      return due
    }
    for (id, signal) in due {
      // One that cannot be asked is ended.
      if signal == .kill || (try? engine.signal(id, signal)) == nil { kill(id) }
    }
  }

  private func isForgotten(_ record: ExecutionRecord, at time: UInt64) -> Bool {
    guard let ended = record.ended, !record.isAttached else { return false }
    return time >= max(ended, record.idleSince) &+ configuration.times.retention.nanoseconds
  }

  private func signal(for record: ExecutionRecord, at time: UInt64) -> Signal? {
    let times = configuration.times
    guard record.ended == nil else { return nil }
    if time >= record.begin &+ times.session.nanoseconds { return .kill }
    guard !record.isAttached else { return nil }
    let patience = times.reconnect.nanoseconds &+ UInt64(record.warnings) &* times.shutdown.nanoseconds
    guard time >= record.idleSince &+ patience else { return nil }
    return [.hangUp, .terminate, .kill][min(record.warnings, 2)]
  }
}
