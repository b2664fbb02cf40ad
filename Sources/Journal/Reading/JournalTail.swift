public import ExecModel
import Glibc
import Synchronization
import SystemPackage

/// A place in the journal of another process, which writes it, has finished it, or died.
///
/// It goes by the files alone: its owner is asked for nothing and waits for nobody. So bytes may be evicted that it has
/// not read; the reader then says so (``ReadResult/evicted(upTo:)``), and evicted records are passed over.
public final class JournalTail: EventCursor {
  /// The journal, for reading the bytes that events tell of.
  public let journal: JournalReader

  private struct Place {
    /// Next record to read.
    var position: UInt64
    var end = End.open
    var isCancelled = false
  }

  private enum End {
    /// There may be more.
    case open
    /// The terminal event was read, at a time of the monotonic clock.
    case finished(UInt64)
    /// All was read, and nobody writes any more.
    case interrupted
  }

  private let watch: JournalWatch
  private let sleeper: JournalWatch.Key
  private let grace: UInt64
  private let place: Mutex<Place>

  /// Begins at a record, or the first one after it that is kept; `journal` may be read by others too.
  public convenience init(_ journal: JournalReader, from sequence: UInt64 = 0) {
    self.init(journal, from: sequence, watch: .shared)
  }

  /// How long a writer is waited for that neither answers nor closes after the terminal event: a second, in nanoseconds.
  static let grace: UInt64 = 1_000_000_000

  init(_ journal: JournalReader, from sequence: UInt64 = 0, watch: JournalWatch, grace: UInt64 = grace) {
    self.journal = journal
    self.grace = grace
    place = Mutex(Place(position: sequence))
    self.watch = watch
    sleeper = watch.makeKey()
  }

  deinit { watch.cancel(sleeper) }

  /// Whether the record ends without a terminal event, and its writer is gone; known once all was read.
  public var isInterrupted: Bool {
    place.withLock { if case .interrupted = $0.end { true } else { false } }
  }

  /// What was recorded since the last call, at most `limit` events; empty when there is nothing now.
  public func poll(limit: Int) throws(JournalError) -> [RecordedEvent] {
    guard let position = place.withLock({ $0.isCancelled ? nil : $0.position }) else { return [] }
    let recorded = try journal.records(from: position, limit: limit)
    let events = recorded.isEmpty ? journal.noted(from: position) : recorded
    guard let last = events.last else { return [] }
    place.withLock { place in
      place.position = last.sequence + 1
      if events.contains(where: \.isTerminal) { place.end = .finished(JournalWatch.now) }
    }
    return events
  }

  /// Whether the terminal event and the answers behind it were read, or all that a writer left that is gone.
  ///
  /// Answers come until the writer closes, at once; one that was stopped just there is waited for only a second.
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

  private func isOver(_ time: UInt64) -> Bool { JournalWatch.now &- time >= grace }

  /// When nothing more is waited for, on the monotonic clock.
  private var deadline: UInt64? {
    place.withLock { if case .finished(let time) = $0.end { time &+ grace } else { nil } }
  }

  /// Asks for one call of `wake` when there is something to read; false when there is already, or the end was read.
  ///
  /// `wake` is called on the thread that watches all journals and must not block.
  public func arm(_ wake: @escaping @Sendable () -> Void) -> Bool {
    let (position, isCancelled) = place.withLock { ($0.position, $0.isCancelled) }
    if isCancelled || journal.hasRecord(position) || hasEnded { return false }
    watch.arm(sleeper, journal, until: position, by: deadline, wake)
    // Again: what came before the kernel watched wakes nobody.
    guard journal.hasRecord(position) || journal.isAbandoned(at: position) else { return true }
    // Who is not asleep any more was woken.
    return watch.cancel(sleeper) == nil
  }

  /// Ends the reading, and wakes who sleeps.
  public func cancel() {
    place.withLock { $0.isCancelled = true }
    watch.cancel(sleeper)?()
  }
}

extension RecordedEvent {
  /// Whether it is the one after which no output comes.
  public var isTerminal: Bool {
    if case .exit = event { true } else { false }
  }
}
