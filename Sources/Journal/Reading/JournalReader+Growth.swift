public import ExecModel
import Glibc
import Linux
import SystemPackage

extension JournalReader {
  /// Whether there is a whole record at or after `position`; true also when it cannot be read, so that reading reports
  /// the error.
  func hasRecord(_ position: UInt64) -> Bool {
    if !noted(from: position).isEmpty { return true }
    // The length is cheap and nearly always right; a power failure may leave pages that hold no record.
    guard recordCount() > position else { return false }
    return (try? records(from: position, limit: 1))?.isEmpty != true
  }

  /// The noted end of a lost record, from a position on: the loss and the terminal event.
  public func noted(from position: UInt64) -> [RecordedEvent] {
    guard recordCount() <= position else { return [] }
    let notes = notes()
    return [notes.loss, notes.end].compactMap { $0 }.filter { $0.sequence >= position }.map { recorded in
      guard case .exit(let conclusion) = recorded.event else { return recorded }
      return RecordedEvent(
        sequence: recorded.sequence, time: recorded.time, event: .exit(notes.completing(conclusion)))
    }
  }

  /// Whether the journal has no writer any more and no record at or after `position`.
  func isAbandoned(at position: UInt64) -> Bool {
    guard let handle = try? files(), handle.withEvents(Self.tryLock) == nil else { return false }
    // After the lock: its holder may have written the last record and exited since the caller checked.
    return !hasRecord(position)
  }

  /// Calls `body` with the path for the kernel to watch, which names the open file even if it has been moved.
  func withWatchedPath<Result>(_ body: (String) -> Result) -> Result {
    guard let handle = try? files() else { return body(directory.appending(JournalHeader.fileName).string) }
    return handle.withEvents { body("/proc/self/fd/\($0)") }
  }
}

extension JournalReader {
  /// Whether the execution is running, finished, or interrupted: no terminal event, and the writer's lock is free.
  ///
  /// - Throws: ``JournalError`` when the records cannot be read.
  public func liveness() throws(JournalError) -> JournalState {
    if let conclusion = try conclusion() { return .finished(conclusion) }
    if let error = try files().withEvents(Self.tryLock) {
      guard error == .wouldBlock else {
        throw JournalError(errno: error, path: directory.string, attempt: "determine the writer of")
      }
      return .running
    }
    // Check again: the terminal event may have been written and the lock released since the first check.
    if let conclusion = try conclusion() { return .finished(conclusion) }
    return .interrupted
  }

  /// Takes and releases the writer's lock; returns the error when it is held.
  static func tryLock(_ events: Int32) -> Errno? {
    if let error = FileLock.take(.shared, of: events) { return error }
    FileLock.release(events)
    return nil
  }

  /// The conclusion, completed with the notes in the header.
  private func conclusion() throws(JournalError) -> Conclusion? {
    let recorded = try recordedConclusion()
    if let recorded, recorded.outcome.isComplete, writer?.memory.isUsed != true { return recorded }
    let notes = notes()
    guard case .exit(let noted)? = notes.end?.event else { return recorded.map(notes.completing) }
    return notes.completing(recorded ?? noted)
  }

  /// The conclusion in the terminal event's record, searched backward from the end: only answers to waiters follow it.
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
