public import ExecModel
import Glibc
import Linux
import Synchronization
import SystemPackage

/// A position in the journal of another process, which writes it, has finished it, or died.
///
/// It uses only the files: it sends the owner no request and delays no process. So bytes may be evicted before it has
/// read them; the reader then reports it (``ReadResult/evicted(upTo:)``), and evicted records are skipped.
public final class JournalTail: EventCursor {
  /// The journal, for reading the bytes that events refer to.
  public let journal: JournalReader

  private struct Place {
    /// Sequence number of the next record.
    var position: UInt64
    var end = End.open
    var isCancelled = false
  }

  private enum End {
    /// More records may follow.
    case open
    /// The terminal event was read, at this time of the monotonic clock.
    case finished(UInt64)
    /// All records were read, and the journal has no writer.
    case interrupted
  }

  private let watch: JournalWatch
  private let sleeper: JournalWatch.Key
  private let grace: UInt64
  private let place: Mutex<Place>

  /// Begins at a record, or the first kept one after it; `journal` may have other readers.
  public convenience init(_ journal: JournalReader, from sequence: UInt64 = 0) {
    self.init(journal, from: sequence, watch: .shared)
  }

  /// How long to wait after the terminal event for a writer that neither answers nor closes: a second, in nanoseconds.
  static let grace: UInt64 = 1_000_000_000

  init(_ journal: JournalReader, from sequence: UInt64 = 0, watch: JournalWatch, grace: UInt64 = grace) {
    self.journal = journal
    self.grace = grace
    place = Mutex(Place(position: sequence))
    self.watch = watch
    sleeper = watch.makeKey()
  }

  deinit { watch.cancel(sleeper) }

  /// Whether the record ends without a terminal event and its writer is dead; known once all records were read.
  public var isInterrupted: Bool {
    place.withLock { if case .interrupted = $0.end { true } else { false } }
  }

  /// Returns the events recorded since the last call, at most `limit`; empty when there are none now.
  public func poll(limit: Int) throws(JournalError) -> [RecordedEvent] {
    guard let position = place.withLock({ $0.isCancelled ? nil : $0.position }) else { return [] }
    let recorded = try journal.records(from: position, limit: limit)
    let events = recorded.isEmpty ? journal.noted(from: position) : recorded
    guard let last = events.last else { return [] }
    place.withLock { place in
      place.position = last.sequence + 1
      if events.contains(where: \.isTerminal) { place.end = .finished(MonotonicClock.now) }
    }
    return events
  }

  /// Whether the terminal event and the answers after it were read, or all records of a dead writer.
  ///
  /// Answers come until the writer closes, which is at once; a writer stopped in between is waited for only a second.
  public var hasEnded: Bool {
    let (position, end, isCancelled) = place.withLock { ($0.position, $0.end, $0.isCancelled) }
    if isCancelled { return true }
    switch end {
    case .interrupted: return true
    case .finished(let time):
      return journal.isAbandoned(at: position) || isOver(time) && !journal.hasRecord(position)
    case .open:
      guard journal.isAbandoned(at: position) else { return false }
      place.withLock { $0.end = .interrupted }
      return true
    }
  }

  private func isOver(_ time: UInt64) -> Bool { MonotonicClock.now &- time >= grace }

  /// The time on the monotonic clock after which no more answers are waited for.
  private var deadline: UInt64? {
    place.withLock { if case .finished(let time) = $0.end { time &+ grace } else { nil } }
  }

  /// Requests one call of `wake` when there is something to read; returns false when there is already, or the end was
  /// read.
  ///
  /// `wake` is called on the thread that watches all journals and must not block.
  public func arm(_ wake: @escaping @Sendable () -> Void) -> Bool {
    let (position, isCancelled) = place.withLock { ($0.position, $0.isCancelled) }
    if isCancelled || journal.hasRecord(position) || hasEnded { return false }
    watch.arm(sleeper, journal, until: position, by: deadline, wake)
    // Check again: a record written before the watch was set causes no wake-up.
    guard journal.hasRecord(position) || journal.isAbandoned(at: position) else { return true }
    // If it is not asleep any more, it was woken.
    return watch.cancel(sleeper) == nil
  }

  /// Ends the reading, and wakes a sleeping reader.
  public func cancel() {
    place.withLock { $0.isCancelled = true }
    watch.cancel(sleeper)?()
  }
}

extension RecordedEvent {
  /// Whether it is the event after which no output follows.
  public var isTerminal: Bool {
    if case .exit = event { true } else { false }
  }
}
