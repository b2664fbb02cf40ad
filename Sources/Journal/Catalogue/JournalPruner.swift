import Glibc
import Linux
import Synchronization
public import SystemPackage

/// How much history is kept: the number of journals and the bytes of disk.
public struct Retention: Hashable, Sendable {
  /// The number of newest journals to keep; older ones that are still running stay too.
  public var count: Int
  /// The bytes of disk that all journals together may take, including running ones.
  public var bytes: UInt64

  /// Makes a retention.
  public init(count: Int, bytes: UInt64) {
    self.count = count
    self.bytes = bytes
  }

  /// Removes the oldest journals until the rest is within both limits; running ones stay, so the limits may be
  /// exceeded.
  ///
  /// The newest is never removed for its size: a user may have just waited for it.
  ///
  /// - Parameters:
  ///   - number: the number of journals, the oldest first.
  ///   - most: the largest number of removals.
  ///   - size: the disk usage of the journal at an index; called for those within the count.
  ///   - remove: removes the journal at an index; false when it stays.
  /// - Returns: whether the pass is complete.
  func apply(to number: Int, atMost most: Int = .max, size: (Int) -> UInt64, remove: (Int) -> Bool) -> Bool {
    var rest = most
    let first = max(0, number - count)
    for index in 0..<first {
      guard rest > 0 else { return false }
      if remove(index) { rest -= 1 }
    }
    let sizes = (first..<number).map(size)
    var total = sizes.reduce(0, &+)
    for (place, size) in sizes.dropLast().enumerated() where total > bytes {
      guard rest > 0 else { return false }
      guard remove(first + place) else { continue }
      total &-= size
      rest -= 1
    }
    return true
  }
}

/// Protects a journal from pruning while the hold exists, because its output is still being read.
///
/// A hold is a shared lock on the journal's folder (flock(2)), released when its process dies. It outlasts the writer's
/// lock, which ends with the execution: two hundred newer executions may end before a busy process has read the last
/// line of an old one. A hold from the writer (``JournalWriter/hold()``) takes no descriptor until the writer closes,
/// because the writer's lock is enough until then.
public final class JournalHold: Sendable {
  private let folder = Mutex(Descriptor(raw: -1))

  /// Holds the journal of another process, or a finished one.
  ///
  /// Nil when there is no such journal, when it is being pruned already, or when no descriptor is left; the journal is
  /// then not protected.
  public init?(_ directory: FilePath) {
    guard take(directory) else { return nil }
  }

  /// A hold for a journal that is still being written; its writer calls ``take(_:)`` before it releases its own lock.
  init() {}

  /// Locks the folder; returns true also when it is locked already.
  ///
  /// See ``init(_:)`` for the reasons of failure.
  func take(_ directory: FilePath) -> Bool {
    folder.withLock { folder in
      guard folder.raw < 0 else { return true }
      guard let opened = try? Descriptor.open(folder: directory), FileLock.take(.shared, of: opened.raw) == nil
      else { return false }
      folder = opened
      return true
    }
  }
}

extension JournalReader {
  /// Protects the journal from pruning; see ``JournalHold``.
  public func hold() -> JournalHold? { if let writer { writer.hold() } else { JournalHold(directory) } }
}

/// Removes old journals that exceed a retention, in cooperation with every other process that uses the folder.
///
/// All processes share one count (``JournalCount``), and the process that finds it due prunes. Each process thus pays
/// for the journals that it creates, however many processes there are and however short they live.
public final class JournalPruner: Sendable {
  private let catalogue: JournalCatalogue
  private let count: JournalCount
  private let retention: Retention
  /// Nil when no descriptor was left.
  private let bell = try? WakeDescriptor()
  private let hasThread = Atomic<Bool>(false)

  /// How often a long-lived process prunes without being signalled, in milliseconds: other processes may have left too
  /// much.
  private static let pause: Int32 = 20_000
  /// The largest number of removals under one lock, and by a process that is about to end; the next pass continues.
  ///
  /// A number and not a time limit: on a busy machine the time would be over before the first removal.
  private static let few = 256
  /// The longest wait in ``finish()`` for another pruning process, in milliseconds; a slice takes some 50.
  private static let patience: Int32 = 2000

  /// Makes a pruner for the catalogue's folder.
  public init(_ catalogue: JournalCatalogue, _ count: JournalCount, _ retention: Retention) {
    (self.catalogue, self.count, self.retention) = (catalogue, count, retention)
  }

  /// Prunes now and whenever the count is due, on a separate thread, until the process ends.
  public func keepPruning() {
    guard hasThread.compareExchange(expected: false, desired: true, ordering: .relaxed).exchanged else { return }
    let failure = DetachedThread.start(name: "boxwatch-prune") { [self] in
      prune()
      while true { pruneNext() }
    }
    if failure != nil { hasThread.store(false, ordering: .relaxed) }
  }

  /// One turn of the thread.
  ///
  /// Not inlined: the optimiser of Swift 6.3 does not get through the endless loop with all of this in it.
  @inline(never)
  private func pruneNext() {
    let isRung = waitForBell()
    if !isRung || count.isDue { prune() }
  }

  /// False after the pause.
  private func waitForBell() -> Bool {
    if let bell { return bell.wait(milliseconds: Self.pause) }
    poll(nil, 0, Self.pause)
    return false
  }

  /// Wakes the thread when the count is due; costs one fstat(2).
  public func look() {
    if hasThread.load(ordering: .relaxed), let bell, count.isDue { bell.wake() }
  }

  /// Prunes when the count is due, for a process that is about to end; this is one process in ten, and takes a few
  /// milliseconds.
  ///
  /// It waits for another pruning process: many writers could create journals faster than one process removes them. But
  /// not for ever: one that is stopped (Ctrl-Z) keeps the lock. The count stays due then, and a later run prunes.
  public func finish() {
    guard count.isDue, let lock = count.lock(within: Self.patience) else { return }
    if count.isDue { _ = prune(atMost: Self.few, holding: lock) }
  }

  /// Prunes until the count is no longer due, or another process prunes.
  ///
  /// The lock is released after each slice, so that a process that waits in ``finish()`` can take it.
  func prune() {
    while let lock = count.lock() {
      let isDone = prune(atMost: Self.few, holding: lock)
      if isDone, !count.isDue { return }
      // Longer than one that waits sleeps between two tries, or this thread would take the lock again each time.
      _ = poll(nil, 0, 3)
    }
  }

  /// Prunes one slice and releases the lock; returns false when there is more to remove.
  func prune(atMost most: Int, holding lock: consuming Descriptor) -> Bool {
    // Before the folder is read: journals created during the pass count for the next one.
    count.restart()
    let isDone = pass(atMost: most)
    if !isDone { count.makeDue() }
    _ = consume lock
    return isDone
  }

  /// One pass over the folder; returns false when there is more to remove.
  private func pass(atMost most: Int) -> Bool {
    guard let names = try? catalogue.names(), let folder = try? catalogue.open() else { return true }
    for name in names.leftovers { folder.sweep(name) }
    return retention.apply(
      to: names.journals.count, atMost: most, size: { folder.diskBytes(names.journals[$0]) },
      remove: { folder.removeUnused(names.journals[$0]) })
  }
}
