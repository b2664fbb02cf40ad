import ExecModel
import Synchronization

/// Passes values from other threads to the loop.
final class Mailbox<Value: Sendable>: Sendable {
  private let values = Mutex<[Value]>([])
  private let wake: WakeDescriptor

  init(_ wake: WakeDescriptor) { self.wake = wake }

  /// Adds a value and wakes the loop.
  func post(_ value: Value) {
    values.withLock { $0.append(value) }
    wake.wake()
  }

  /// Removes and returns everything that was posted.
  func take() -> [Value] {
    values.withLock { values in
      defer { values = [] }
      return values
    }
  }
}

/// Merges consecutive output events of a stream, so that a flood costs a few messages per frame.
struct EventMerger {
  private var events: [RecordedEvent] = []
  private var pending: [ExecStream: RecordedEvent] = [:]

  /// Adds the next event; output is never reordered across an event of another kind.
  mutating func add(_ event: RecordedEvent) {
    guard case .output(let stream, let range, let lines) = event.event else {
      flush()
      events.append(event)
      return
    }
    guard case .output(_, let before, _) = pending[stream]?.event, before.upperBound == range.lowerBound else {
      if let old = pending[stream] { events.append(old) }
      pending[stream] = event
      return
    }
    pending[stream] = RecordedEvent(
      sequence: event.sequence, time: event.time,
      event: .output(stream, range: before.lowerBound..<range.upperBound, lines: lines))
  }

  /// The merged events.
  mutating func finish() -> [RecordedEvent] {
    flush()
    defer { events = [] }
    return events
  }

  private mutating func flush() {
    events += pending.values.sorted { $0.sequence < $1.sequence }
    pending = [:]
  }
}
