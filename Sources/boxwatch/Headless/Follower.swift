import ExecEngine
import ExecModel
import Journal
import Synchronization

/// One cursor and what is done with its events, on a thread of its own.
final class Follower: Sendable {
  private let cursor: any EventCursor
  private let consumer: any EventConsumer
  private let waits: Bool
  private let problem = Mutex<String?>(nil)

  /// - Parameter waits: whether to read on to the end, or only what is there.
  init(_ cursor: any EventCursor, _ consumer: any EventConsumer, waits: Bool = true) {
    self.cursor = cursor
    self.consumer = consumer
    self.waits = waits
  }

  /// What ended it before its time.
  var failure: String? { problem.withLock { $0 } }

  /// Ends it without a run: the command no longer waits for it.
  func abandon(_ reason: String) {
    problem.withLock { $0 = reason }
    cursor.cancel()
  }

  /// Ends it before its time, since nobody wants the rest; what it has taken is still written.
  func stop() { cursor.cancel() }

  /// Hands every event over, to the end.
  func run() {
    defer { cursor.cancel() }
    do {
      let wake = try WakeDescriptor()
      while true {
        let events = try cursor.poll()
        for event in events { try consumer.take(event, cursor.journal) }
        guard events.isEmpty else { continue }
        if !waits || cursor.hasEnded { return try consumer.finish() }
        if cursor.arm({ wake.wake() }) { wake.wait() }
      }
    } catch {
      problem.withLock { $0 = "\(error)" }
    }
  }
}
