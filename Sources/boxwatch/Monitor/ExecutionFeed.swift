import Console
import ExecModel
import Journal
import Linux
import Synchronization

/// The monitor's reader of one execution: its events and the text of its streams.
final class ExecutionFeed {
  let id: ExecutionID
  private let cursor: any EventCursor
  private let wake: @Sendable () -> Void
  private let hasNews = NewsFlag()
  /// Whether the interruption was reported.
  var isReported = false
  /// Whether all its files are closed; reading from the cursor would reopen them.
  private var isResting = false
  /// The error of the last read; nil when it succeeded.
  private(set) var failure: JournalError?
  private var lengths = PerStream<UInt64>()
  private var texts: PerStream<StreamText?> = [:]
  /// Protects the record from pruning while it is read.
  private var hold: JournalHold?

  /// Shared with the pump threads.
  private final class NewsFlag: Sendable {
    let value = Atomic<Bool>(true)
  }

  /// The maximum number of records in one read, so that other executions get a turn.
  private static let most = 8192

  /// - Parameter wake: called on any thread when there is something to ``take()``.
  init(_ id: ExecutionID, _ cursor: any EventCursor, _ wake: @escaping @Sendable () -> Void) {
    self.id = id
    self.cursor = cursor
    self.wake = wake
    hold = cursor.journal.hold()
  }

  /// The events since the last call, with adjacent output of one stream merged; empty when there
  /// are none.
  ///
  /// Events read before a failure are returned. No wake-up is armed after a failure; ``retry()``
  /// reads again.
  func take() -> [RecordedEvent] {
    guard hasNews.value.exchange(false, ordering: .acquiring) else { return [] }
    var merger = EventMerger()
    var count = 0
    while count < Self.most {
      let events: [RecordedEvent]
      do throws(JournalError) {
        events = try cursor.poll()
        failure = nil
      } catch {
        failure = error
        return note(merger.finish())
      }
      for event in events { merger.add(event) }
      count += events.count
      if events.isEmpty {
        sleep()
        return note(merger.finish())
      }
    }
    hasNews.value.store(true, ordering: .releasing)
    wake()
    return note(merger.finish())
  }

  /// Makes the next ``take()`` retry a failed read; false when no read failed.
  func retry() -> Bool {
    if failure != nil { hasNews.value.store(true, ordering: .releasing) }
    return failure != nil
  }

  private func sleep() {
    if cursor.hasEnded {
      hold = nil
      return
    }
    let (hasNews, wake) = (hasNews, wake)
    let isAsleep = cursor.arm {
      hasNews.value.store(true, ordering: .releasing)
      wake()
    }
    if isAsleep { return }
    hasNews.value.store(true, ordering: .releasing)
    wake()
  }

  private func note(_ events: [RecordedEvent]) -> [RecordedEvent] {
    for event in events {
      if case .output(let stream, let range, _, _) = event.event { lengths[stream] = range.upperBound }
    }
    return events.map(completed)
  }

  /// An event of a journal of an older version, completed with what its records do not say: whether the text ends in a
  /// newline.
  private func completed(_ event: RecordedEvent) -> RecordedEvent {
    guard case .output(let stream, let range, let lines, nil) = event.event else { return event }
    let endsLine = text(stream).endsLine(at: range.upperBound)
    return RecordedEvent(
      sequence: event.sequence, time: event.time,
      event: .output(stream, range: range, lines: lines, endsLine: endsLine))
  }

  /// Whether its boxwatch died before the end and everything it wrote was read.
  var isInterrupted: Bool { (cursor as? JournalTail)?.isInterrupted ?? false }

  /// Stops reading; text that was read stays available.
  func cancel() {
    cursor.cancel()
    hold = nil
  }

  /// Frees caches and closes files when no more events will come; they are reopened on the next
  /// access.
  func rest() {
    guard !isResting, cursor.hasEnded else { return }
    isResting = true
    texts = [:]
    cursor.journal.rest()
  }

  /// The text of a stream, up to the last event taken.
  func text(_ stream: ExecStream) -> any TextSource {
    isResting = false
    let text = texts[stream] ?? StreamText(cursor.journal, stream)
    texts[stream] = text
    text.refresh(upTo: lengths[stream])
    return text
  }
}

/// Merges consecutive output events of a stream, so that a flood costs a few messages per frame.
struct EventMerger {
  private var events: [RecordedEvent] = []
  private var pending: PerStream<RecordedEvent?> = [:]

  /// Adds the next event; output is never reordered across an event of another kind.
  mutating func add(_ event: RecordedEvent) {
    guard case .output(let stream, let range, let lines, let endsLine) = event.event else {
      flush()
      events.append(event)
      return
    }
    guard case .output(_, let before, _, _) = pending[stream]?.event, before.upperBound == range.lowerBound else {
      if let old = pending[stream] { events.append(old) }
      pending[stream] = event
      return
    }
    pending[stream] = RecordedEvent(
      sequence: event.sequence, time: event.time,
      event: .output(stream, range: before.lowerBound..<range.upperBound, lines: lines, endsLine: endsLine))
  }

  /// The merged events.
  mutating func finish() -> [RecordedEvent] {
    flush()
    defer { events = [] }
    return events
  }

  private mutating func flush() {
    events += pending.values.compactMap { $0 }.sorted { $0.sequence < $1.sequence }
    pending = [:]
  }
}
