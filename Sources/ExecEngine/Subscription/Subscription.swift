public import ExecModel
public import Journal
import Synchronization

/// A cursor on an execution's record.
///
/// Replay reads early records and live reading reads late ones through the same cursor, so there is no switch between
/// the two. A slow or stuck subscriber costs only its cursor. One thread or task at a time reads through it.
public final class Subscription: EventCursor {
  /// The journal, for reading the bytes that events refer to.
  public let journal: JournalReader

  private struct Place {
    /// Sequence number of the next record.
    var position: UInt64 = 0
    /// Events that ``next()`` read ahead, in reverse order.
    var ahead: [RecordedEvent] = []
    /// Set by ``cancel()``; no reader sleeps after it.
    var isCancelled = false
  }

  private let execution: Execution
  private let number: UInt64
  private let offsets: PerStream<UInt64>
  private let place = Mutex(Place())

  /// The largest number of records in one read.
  public static let batch = 512

  /// Opens no file; the first read does, so that a thousand silent executions cost no descriptor.
  init(_ execution: Execution, from offsets: PerStream<UInt64>, needsEveryByte: Bool) {
    self.execution = execution
    journal = JournalReader(of: execution.journal)
    self.offsets = offsets
    number = execution.locked { ledger in ledger.addReader(needsEveryByte: needsEveryByte) }
  }

  deinit { cancel() }

  /// Ends the subscription: eviction no longer waits for it, and a sleeping reader is woken.
  public func cancel() {
    place.withLock { $0.isCancelled = true }
    execution.locked { [number] ledger in ledger.removeReader(number) }
  }

  /// Returns published events that were not read yet, at most `limit`; empty when there are none now.
  ///
  /// The next call marks everything returned before as consumed, so that it may be evicted.
  public func poll(limit: Int) throws(JournalError) -> [RecordedEvent] {
    let position = place.withLock { $0.position }
    let published = execution.locked { [number] ledger in
      ledger.advance(number, to: position)
      return ledger.published
    }
    guard published > position else { return [] }
    let wanted = min(UInt64(limit), published - position)
    let events = try journal.records(from: position, limit: Int(wanted)).filter { $0.sequence < published }
    place.withLock { $0.position = events.last.map { $0.sequence + 1 } ?? published }
    return events.compactMap(clipped)
  }

  /// Whether the terminal event and all records published with it have been read.
  public var hasEnded: Bool {
    let position = place.withLock { $0.position }
    return execution.locked { ledger in ledger.isOver && ledger.published <= position }
  }

  /// Requests one call of `wake` when there is something to read; returns false when there is already, or the end was
  /// read.
  ///
  /// `wake` is called on a pump's thread and must not block.
  public func arm(_ wake: @escaping @Sendable () -> Void) -> Bool {
    let position = place.withLock { $0.position }
    return execution.locked { [number] ledger in ledger.arm(number, at: position, wake) }
  }

  /// The next event; nil after the end, or when the task is cancelled.
  public func next() async throws(JournalError) -> RecordedEvent? {
    while !Task.isCancelled {
      if let event = place.withLock({ $0.ahead.popLast() }) { return event }
      let events = try poll()
      if !events.isEmpty {
        place.withLock { $0.ahead = events.reversed() }
      } else if hasEnded || place.withLock({ $0.isCancelled }) {
        return nil
      } else {
        await sleep()
      }
    }
    return nil
  }

  private func sleep() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        guard arm({ continuation.resume() }) else { return continuation.resume() }
        // A cancellation before `arm` found nothing to wake.
        if Task.isCancelled { disarm() }
      }
    } onCancel: {
      disarm()
    }
  }

  private func disarm() {
    execution.locked { [number] ledger in ledger.disarm(number) }
  }

  /// The event without the bytes that this subscriber has already; nil when it has all of them.
  private func clipped(_ event: RecordedEvent) -> RecordedEvent? {
    guard case .output(let stream, let range, let lines, let endsLine) = event.event else { return event }
    let offset = offsets[stream]
    if range.lowerBound >= offset { return event }
    guard range.upperBound > offset else { return nil }
    return RecordedEvent(
      sequence: event.sequence, time: event.time,
      event: .output(stream, range: offset..<range.upperBound, lines: lines, endsLine: endsLine))
  }
}
