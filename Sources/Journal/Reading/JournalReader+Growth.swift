import Glibc
import SystemPackage

extension JournalReader {
  /// Whether there is a whole record at or behind `position`; also when it cannot be read, which reading will tell.
  func hasRecord(_ position: UInt64) -> Bool {
    // The length is cheap and nearly always right; a power cut may leave pages that hold no record.
    guard recordCount() > position else { return false }
    return (try? records(from: position, limit: 1))?.isEmpty != true
  }

  /// Whether nobody writes any more, and there is no record at or behind `position`.
  func isAbandoned(at position: UInt64) -> Bool {
    guard FileCalls.lock(events.raw, LOCK_SH | LOCK_NB) == nil else { return false }
    _ = FileCalls.lock(events.raw, LOCK_UN)
    // After the lock: its holder may have written the last record, and gone, since somebody looked.
    return !hasRecord(position)
  }

  /// What the kernel is asked to watch: the very file that is open, wherever it has been moved to.
  var watchedPath: String { "/proc/self/fd/\(events.raw)" }
}
