import ExecModel
import Journal
import Synchronization

/// One cursor and what is done with its events, in steps that never wait for more.
final class Follower: Sendable {
  /// What came of a step.
  enum Step: Sendable {
    /// There may be more to take now.
    case more
    /// There is nothing; `wake` is called once when there is.
    case asleep
    /// Everything was taken, or it was ended before its time.
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
  ///   - waits: whether to read on to the end, or only what is there.
  ///   - onEnd: called once by ``end()``, with what ended it before its time.
  init(
    _ cursor: any EventCursor, _ consumer: any EventConsumer, waits: Bool = true,
    onEnd: @escaping @Sendable (Failure?) -> Void
  ) {
    self.cursor = cursor
    self.consumer = consumer
    self.waits = waits
    self.onEnd = onEnd
  }

  /// Ends it without a step: the command no longer waits for it.
  func abandon(_ reason: String) {
    state.withLock { $0.failure = Failure(reason) }
    cursor.cancel()
  }

  /// Ends it before its time, since nobody wants the rest; what it has taken is still written.
  func stop() {
    state.withLock { $0.isStopped = true }
    cursor.cancel()
  }

  /// Hands over what is there, as much as one reading takes.
  ///
  /// - Parameter wake: called on another thread, and must not block.
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

  /// Lets go of the record, and tells that nothing more is written.
  func end() {
    cursor.cancel()
    onEnd(state.withLock { $0.failure })
  }
}
