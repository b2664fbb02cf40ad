import ExecModel
import Glibc
import SystemPackage

extension JournalReader {
  /// Whether the execution runs, is finished, or was interrupted: no terminal event, and nobody holds the writer's lock.
  ///
  /// - Throws: ``JournalError`` when the records cannot be read.
  public func liveness() throws(JournalError) -> JournalState {
    if let conclusion = try conclusion() { return .finished(conclusion) }
    if let error = try files().withEvents(Self.tryLock) {
      guard error == Errno(rawValue: EWOULDBLOCK) else {
        throw JournalError(errno: error, path: directory.string, attempt: "look who writes")
      }
      return .running
    }
    // Again: the terminal event may have been written, and the lock given back, since we looked.
    if let conclusion = try conclusion() { return .finished(conclusion) }
    return .interrupted
  }

  /// Takes the writer's lock for a moment; why it could not.
  static func tryLock(_ events: Int32) -> Errno? {
    if let error = FileCalls.lock(events, LOCK_SH | LOCK_NB) { return error }
    _ = FileCalls.lock(events, LOCK_UN)
    return nil
  }

  /// The terminal event's content, with what is noted of it beside the records.
  private func conclusion() throws(JournalError) -> Conclusion? {
    let recorded = try recordedConclusion()
    if let recorded, recorded.outcome.isComplete, writer?.memory.isUsed != true { return recorded }
    let notes = notes()
    guard case .exit(let noted)? = notes.end?.event else { return recorded.map(notes.completing) }
    return notes.completing(recorded ?? noted)
  }

  /// The terminal event's record, looked for from the end: only answers to waiters come after it.
  private func recordedConclusion() throws(JournalError) -> Conclusion? {
    var end = recordCount()
    while end > 0 {
      let start = end - min(end, 64)
      var found: Conclusion?
      var sawOther = false
      try eachRecord(from: start, blockOf: Int(end - start)) { number, _, record in
        if record.isExit { found = record.conclusion } else if !record.isWait { sawOther = true }
        return number + 1 < end
      }
      if found != nil || sawOther { return found }
      end = start
    }
    return nil
  }
}
