import ExecModel
import Journal
import Synchronization

/// What the monitor reads of one execution: its events, and the text of its streams.
final class ExecutionFeed {
  let id: ExecutionID
  private let cursor: any EventCursor
  private let wake: WakeDescriptor
  private let hasNews = NewsFlag()
  /// Whether it was told that there will be no end.
  var isTold = false
  /// Whether nothing of it is open; asking its cursor would open it again.
  private var isResting = false
  /// Why the last reading failed; nil when it did not.
  private(set) var failure: JournalError?
  private var lengths = StreamCounts()
  private var texts: [ExecStream: StreamText] = [:]
  /// While its record is read it is not pruned.
  private var hold: JournalHold?

  /// Shared with the pumps' threads.
  private final class NewsFlag: Sendable {
    let value = Atomic<Bool>(true)
  }

  /// How many records are read before the others get their turn.
  private static let most = 8192

  init(_ id: ExecutionID, _ cursor: any EventCursor, _ wake: WakeDescriptor) {
    self.id = id
    self.cursor = cursor
    self.wake = wake
    hold = cursor.journal.hold()
  }

  /// The events since the last call, adjacent output of a stream merged; empty when nothing came.
  ///
  /// What was read before a failure is returned. Nothing is armed then: ``retry()`` has it tried again.
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
    wake.wake()
    return note(merger.finish())
  }

  /// Has the next ``take()`` try again what failed; false when nothing did.
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
      wake.wake()
    }
    if isAsleep { return }
    hasNews.value.store(true, ordering: .releasing)
    wake.wake()
  }

  private func note(_ events: [RecordedEvent]) -> [RecordedEvent] {
    for event in events {
      if case .output(let stream, let range, _) = event.event { lengths[stream] = range.upperBound }
    }
    return events
  }

  /// Whether its boxwatch died before the end, and everything was read.
  var isInterrupted: Bool { (cursor as? JournalTail)?.isInterrupted ?? false }

  /// Ends the reading; what was read stays readable.
  func cancel() {
    cursor.cancel()
    hold = nil
  }

  /// Gives back what reading has cached and opened, when nothing more will come; it is opened again when it is looked at.
  func rest() {
    guard !isResting, cursor.hasEnded else { return }
    isResting = true
    texts = [:]
    cursor.journal.rest()
  }

  /// A stream's text, as far as the events that were taken tell of it.
  func text(_ stream: ExecStream) -> any TextSource {
    isResting = false
    let text = texts[stream] ?? StreamText(cursor.journal, stream)
    texts[stream] = text
    text.refresh(upTo: lengths[stream])
    return text
  }
}
