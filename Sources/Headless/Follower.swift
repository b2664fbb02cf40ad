import Console
import ExecModel
import Journal
import Synchronization

/// A cursor and the consumer of its events, run in steps that do not wait for more events.
final class Follower: Sendable {
  /// The result of a step.
  enum Step: Sendable {
    /// There may be more events now.
    case more
    /// There are no events; `wake` is called once when there are.
    case asleep
    /// All events were taken, or it was stopped early.
    case over
  }

  private struct State {
    var failure: Failure?
    var isStopped = false
  }

  private let cursor: any EventCursor
  private let consumer: any EventConsumer
  private let waits: Bool
  private let onEnd: @Sendable (Failure?) -> Void
  private let state = Mutex(State())

  /// - Parameters:
  ///   - waits: whether to read to the end of the execution, or only what is recorded now.
  ///   - onEnd: called once by ``end()``, with the reason if it ended early.
  init(
    _ cursor: any EventCursor, _ consumer: any EventConsumer, waits: Bool = true,
    onEnd: @escaping @Sendable (Failure?) -> Void
  ) {
    self.cursor = cursor
    self.consumer = consumer
    self.waits = waits
    self.onEnd = onEnd
  }

  /// Ends it without a step, so that the command no longer waits for this reader.
  func abandon(_ reason: String) {
    state.withLock { $0.failure = Failure(reason) }
    cursor.cancel()
  }

  /// Ends it early because the rest is not wanted; output already taken is still written.
  func stop() {
    state.withLock { $0.isStopped = true }
    cursor.cancel()
  }

  /// Processes the available events, as many as one read returns.
  ///
  /// - Parameter wake: called on another thread; must not block.
  func step(_ wake: @escaping @Sendable () -> Void) -> Step {
    do {
      let isStopped = state.withLock { $0.isStopped }
      let events = isStopped ? [] : try cursor.poll()
      for event in events { try consumer.take(event, cursor.journal) }
      guard events.isEmpty else { return .more }
      if isStopped || !waits || cursor.hasEnded {
        try consumer.finish()
        return .over
      }
      return cursor.arm(wake) ? .asleep : .more
    } catch {
      state.withLock { $0.failure = error as? Failure ?? Failure("\(error)") }
      return .over
    }
  }

  /// Releases the record, and reports that nothing more is written.
  func end() {
    cursor.cancel()
    onEnd(state.withLock { $0.failure })
  }
}
