public import ExecModel
import Glibc
import SystemPackage

extension JournalReader {
  /// Whether there is a whole record at or behind `position`; also when it cannot be read, which reading will tell.
  func hasRecord(_ position: UInt64) -> Bool {
    if !noted(from: position).isEmpty { return true }
    // The length is cheap and nearly always right; a power cut may leave pages that hold no record.
    guard recordCount() > position else { return false }
    return (try? records(from: position, limit: 1))?.isEmpty != true
  }

  /// What a record that is lost has of its end, from a position on: that it is lost, and the terminal event.
  public func noted(from position: UInt64) -> [RecordedEvent] {
    guard recordCount() <= position else { return [] }
    let notes = notes()
    return [notes.loss, notes.end].compactMap { $0 }.filter { $0.sequence >= position }.map { recorded in
      guard case .exit(let conclusion) = recorded.event else { return recorded }
      return RecordedEvent(
        sequence: recorded.sequence, time: recorded.time, event: .exit(notes.completing(conclusion)))
    }
  }

  /// Whether nobody writes any more, and there is no record at or behind `position`.
  func isAbandoned(at position: UInt64) -> Bool {
    guard let handle = try? files(), handle.withEvents(Self.tryLock) == nil else { return false }
    // After the lock: its holder may have written the last record, and gone, since somebody looked.
    return !hasRecord(position)
  }

  /// Calls `body` with what the kernel is asked to watch: the very file that is open, wherever it has been moved to.
  func withWatchedPath<Result>(_ body: (String) -> Result) -> Result {
    guard let handle = try? files() else { return body(directory.appending(JournalHeader.fileName).string) }
    return handle.withEvents { body("/proc/self/fd/\($0)") }
  }
}
