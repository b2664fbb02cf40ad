import CExecShims
import Glibc
import Synchronization

/// Keeps the past within a retention, together with every other process that has the same folder.
///
/// All count together (``JournalCount``), and whoever finds that enough has come tidies: so a process pays for the
/// journals it makes, however many processes there are and however short they live.
public final class JournalPruner: Sendable {
  private let catalogue: JournalCatalogue
  private let count: JournalCount
  private let retention: Retention
  private let bell: Int32
  private let hasThread = Atomic<Bool>(false)

  /// How often a process that lives long looks, in milliseconds: what others left may be too much by now.
  private static let pause: Int32 = 20_000
  /// How many journals are removed under one lock, and by a process that is about to end; the next one goes on.
  ///
  /// A number and no time limit: on a busy machine the time would be over before the first removal.
  private static let few = 256

  /// Prunes below the catalogue's folder.
  public init(_ catalogue: JournalCatalogue, _ count: JournalCount, _ retention: Retention) {
    (self.catalogue, self.count, self.retention) = (catalogue, count, retention)
    bell = cexec_event_open()
  }

  deinit { if bell >= 0 { close(bell) } }

  /// Prunes now and, for as long as the process lives, whenever enough has come; on a thread of its own.
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

  /// Wakes the thread when enough has come; costs one look at a file's length.
  public func look() {
    if hasThread.load(ordering: .relaxed), bell >= 0, count.isDue { cexec_event_set(bell) }
  }

  /// Prunes when enough has come, for a process that is about to end; takes a few milliseconds in one of ten.
  ///
  /// It waits for another that prunes: many writers would otherwise make journals faster than one process removes them.
  public func finish() {
    guard count.isDue, let lock = count.lock(waits: true) else { return }
    if count.isDue { _ = prune(atMost: Self.few, holding: lock) }
  }

  /// Prunes until what comes meanwhile is too little, or another process does so.
  ///
  /// The lock is given back after each slice, so that a process that waits for it to end is let in.
  func prune() {
    while let lock = count.lock() {
      let isDone = prune(atMost: Self.few, holding: lock)
      if isDone, !count.isDue { return }
    }
  }

  /// One slice under the lock, which is given back; false when there is more to remove.
  func prune(atMost most: Int, holding lock: consuming Descriptor) -> Bool {
    // Before the look: what comes during it counts for the next.
    count.restart()
    let isDone = pass(atMost: most)
    if !isDone { count.makeDue() }
    _ = consume lock
    return isDone
  }

  /// One pass over the folder; false when there is more to remove.
  private func pass(atMost most: Int) -> Bool {
    guard let names = try? catalogue.names() else { return true }
    for name in catalogue.leftovers() { catalogue.sweep(name) }
    return retention.apply(
      to: names.count, atMost: most, size: { catalogue.diskBytes(names[$0]) },
      remove: { catalogue.removeQuietly(names[$0]) })
  }
}
