import CExecShims
import Glibc
import Synchronization
public import SystemPackage

/// How much of the past is kept: how many journals, and how many bytes of disk.
public struct Retention: Hashable, Sendable {
  /// The most journals to keep, the newest of all; older ones that still run stay, too.
  public var count: Int
  /// The most bytes of disk that all journals together may take, running ones included.
  public var bytes: UInt64

  /// Makes a retention.
  public init(count: Int, bytes: UInt64) {
    self.count = count
    self.bytes = bytes
  }

  /// Gives up the oldest journals until the rest is within both limits; one that runs stays, and so may too much.
  ///
  /// The newest is never given up for its size: it may be what was just waited for.
  ///
  /// - Parameters:
  ///   - number: how many there are, the oldest first.
  ///   - most: how many are removed at the most.
  ///   - size: what the one with this index takes on the disk; asked for those that are within the count.
  ///   - remove: removes the one with this index; false when it stays.
  /// - Returns: whether all was done.
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
