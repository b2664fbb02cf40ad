import CExecShims
import Glibc
import Synchronization

/// Removes old journals that exceed a retention, together with every other process that has the same folder.
///
/// All processes count together (``JournalCount``), and the one that finds the count due prunes. So each process pays for
/// the journals it makes, however many processes there are and however short they live.
public final class JournalPruner: Sendable {
  private let catalogue: JournalCatalogue
  private let count: JournalCount
  private let retention: Retention
  private let bell: Int32
  private let hasThread = Atomic<Bool>(false)

  /// How often a long-lived process prunes without being asked, in milliseconds: others may have left too much.
  private static let pause: Int32 = 20_000
  /// The most journals that are removed under one lock, and by a process that is about to end; the next one goes on.
  ///
  /// A number and not a time limit: on a busy machine the time would be over before the first removal.
  private static let few = 256

  /// Prunes below the catalogue's folder.
  public init(_ catalogue: JournalCatalogue, _ count: JournalCount, _ retention: Retention) {
    (self.catalogue, self.count, self.retention) = (catalogue, count, retention)
    bell = cexec_event_open()
  }

  deinit { if bell >= 0 { close(bell) } }

  /// Prunes now and whenever the count is due, for as long as the process lives; on a thread of its own.
  public func keepPruning() {
    guard hasThread.compareExchange(expected: false, desired: true, ordering: .relaxed).exchanged else { return }
    let failure = DetachedThread.start(name: "boxwatch-prune") { [self] in
      prune()
      while true {
        var entry = pollfd(fd: bell, events: Int16(POLLIN), revents: 0)
        let isRung = poll(&entry, 1, Self.pause) > 0
        if isRung { cexec_event_clear(bell) }
        if !isRung || count.isDue { prune() }
      }
    }
    if failure != nil { hasThread.store(false, ordering: .relaxed) }
  }

  /// Wakes the thread when the count is due; costs one fstat(2).
  public func look() {
    if hasThread.load(ordering: .relaxed), bell >= 0, count.isDue { cexec_event_set(bell) }
  }

  /// Prunes when the count is due, for a process that is about to end; that is one of ten, and takes a few milliseconds.
  ///
  /// It waits for another process that prunes: many writers could make journals faster than one process removes them.
  public func finish() {
    guard count.isDue, let lock = count.lock(waits: true) else { return }
    if count.isDue { _ = prune(atMost: Self.few, holding: lock) }
  }

  /// Prunes until the count is no longer due, or another process prunes.
  ///
  /// The lock is given back after each slice, so that a process that waits in ``finish()`` gets its turn.
  func prune() {
    while let lock = count.lock() {
      let isDone = prune(atMost: Self.few, holding: lock)
      if isDone, !count.isDue { return }
    }
  }

  /// One slice under the lock, which is given back; false when there is more to remove.
  func prune(atMost most: Int, holding lock: consuming Descriptor) -> Bool {
    // Before the folder is read: journals that come during the pass count for the next one.
    count.restart()
    let isDone = pass(atMost: most)
    if !isDone { count.makeDue() }
    _ = consume lock
    return isDone
  }

  /// One pass over the folder; false when there is more to remove.
  private func pass(atMost most: Int) -> Bool {
    guard let names = try? catalogue.names(), let folder = try? catalogue.open() else { return true }
    for name in names.leftovers { folder.sweep(name) }
    return retention.apply(
      to: names.journals.count, atMost: most, size: { folder.diskBytes(names.journals[$0]) },
      remove: { folder.removeUnused(names.journals[$0]) })
  }
}
