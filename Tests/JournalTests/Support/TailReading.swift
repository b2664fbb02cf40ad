import ExecModel
import Journal
import TestSupport

/// Reads a cursor to its end as a program does: polls, and sleeps until it is woken.
struct TailReading {
  var events: [RecordedEvent] = []
  var bytes: [ExecStream: [UInt8]] = [:]
  /// What was wrong; nil when nothing was.
  var problem: String?

  init(_ cursor: any EventCursor, limit: Int = 512) {
    let wake = WakeUp()
    do {
      while problem == nil {
        let found = try cursor.poll(limit: limit)
        for event in found { try take(event, cursor.journal) }
        guard found.isEmpty else { continue }
        if cursor.hasEnded { return }
        if cursor.arm({ wake.signal() }), !wake.wait() {
          problem = "the reader was not woken after \(events.count) events"
        }
      }
    } catch { problem = "\(error)" }
  }

  private mutating func take(_ event: RecordedEvent, _ journal: JournalReader) throws {
    events.append(event)
    guard case .output(let stream, let range, _, _) = event.event else { return }
    guard let found = try journal.bytes(stream, range) else {
      problem = "\(stream) has no bytes \(range)"
      return
    }
    bytes[stream, default: []] += found
  }
}
