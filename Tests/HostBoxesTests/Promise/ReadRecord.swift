import ExecEngine
import ExecModel
import Journal
import TestSupport

/// A whole record as one subscriber read it, bytes included.
struct ReadRecord {
  private(set) var events: [RecordedEvent] = []
  private(set) var output: [ExecStream: StreamCollector] = [.stdout: .init(.stdout), .stderr: .init(.stderr)]

  /// Reads to the end, sleeping where there is nothing yet.
  init(_ subscription: Subscription) throws {
    let wake = WakeUp()
    while !subscription.hasEnded {
      let events = try subscription.poll()
      try take(events, subscription.journal)
      if events.isEmpty, subscription.arm({ wake.signal() }) { wake.wait() }
    }
  }

  private mutating func take(_ events: [RecordedEvent], _ journal: JournalReader) throws {
    self.events += events
    for event in events {
      for stream in ExecStream.allCases { try output[stream]?.take(event, journal) }
    }
  }

  /// One stream's bytes.
  func bytes(_ stream: ExecStream) -> [UInt8] { output[stream]?.bytes ?? [] }

  /// Whether a range was missing or came twice.
  var hasGap: Bool { output.values.contains { $0.hasGap } }

  /// The promise's order (P1): output, one exit, then waits; numbers without gaps.
  var isOrdered: Bool {
    let kinds = events.map(\.event)
    let exits = kinds.indices.filter { if case .exit = kinds[$0] { true } else { false } }
    guard exits.count == 1, let exit = exits.first else { return false }
    let tailIsWaits = kinds[(exit + 1)...].allSatisfy { if case .wait = $0 { true } else { false } }
    let headHasNone = kinds[..<exit].allSatisfy { if case .wait = $0 { false } else { true } }
    return tailIsWaits && headHasNone && events.map(\.sequence) == Array(0..<UInt64(events.count))
  }
}
