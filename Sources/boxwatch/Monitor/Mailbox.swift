import ExecModel
import Synchronization

/// Values from other threads, for the loop.
final class Mailbox<Value: Sendable>: Sendable {
  private let values = Mutex<[Value]>([])
  private let wake: WakeDescriptor

  init(_ wake: WakeDescriptor) { self.wake = wake }

  /// Adds a value and wakes the loop.
  func post(_ value: Value) {
    values.withLock { $0.append(value) }
    wake.wake()
  }

  /// Everything that was posted.
  func take() -> [Value] {
    values.withLock { values in
      defer { values = [] }
      return values
    }
  }
}

/// Merges output events of a stream that follow each other, so that a flood costs the screen a few messages a frame.
struct EventMerger {
  private var events: [RecordedEvent] = []
  private var pending: [ExecStream: RecordedEvent] = [:]

  /// Takes the next event; output is never moved past an event of another kind.
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

  /// Everything that was added.
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
