import Glibc
import Synchronization
public import SystemPackage

/// Keeps a journal from being pruned for as long as the hold lives: its output is still read.
///
/// A hold is a shared lock on the journal's folder (flock(2)), which goes with the process that has it. It outlasts the
/// writer's own lock, which ends with the execution: two hundred newer executions may end before a busy process has read
/// the last line of an old one. A hold that the writer gives (``JournalWriter/hold()``) takes no descriptor until the writer
/// closes, since the writer's lock is enough until then.
public final class JournalHold: Sendable {
  private let folder = Mutex(Descriptor(raw: -1))

  /// Holds the journal of another process, or one that is over.
  ///
  /// Nil when there is no such journal, when it is being pruned already, or when no descriptor is left: the journal is then
  /// as safe as any other.
  public init?(_ directory: FilePath) {
    guard take(directory) else { return nil }
  }

  /// A hold for a journal that is still written; its writer calls ``take(_:)`` before it gives up its own lock.
  init() {}

  /// Locks the folder, or returns true when it is locked already.
  ///
  /// See ``init(_:)`` for why it may fail.
  func take(_ directory: FilePath) -> Bool {
    folder.withLock { folder in
      guard folder.raw < 0 else { return true }
      guard let opened = try? Descriptor.open(folder: directory), FileCalls.lock(opened.raw, LOCK_SH | LOCK_NB) == nil
      else { return false }
      folder = opened
      return true
    }
  }
}

extension JournalReader {
  /// Keeps the journal from being pruned; see ``JournalHold``.
  public func hold() -> JournalHold? { if let writer { writer.hold() } else { JournalHold(directory) } }
}
