public import ExecEngine
import ExecModel
import Synchronization

/// Time that a test moves by hand.
public final class ManualTimers: EngineTimers {
  private struct State {
    var now: UInt64 = 1_000_000
    var pending: [(due: UInt64, work: @Sendable () -> Void)] = []
  }

  private let state = Mutex(State())

  /// A clock that stands still.
  public init() {}

  /// The time that ``advance(by:)`` made.
  public func now() -> UInt64 { state.withLock { $0.now } }

  /// Keeps the work until its time comes.
  public func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void) {
    state.withLock { $0.pending.append(($0.now + delay.nanoseconds, work)) }
  }

  /// Moves time and runs, in order, what became due, work that the work schedules included.
  public func advance(by duration: Duration) {
    let end = state.withLock { $0.now + duration.nanoseconds }
    while let work = popDue(before: end) { work() }
    state.withLock { $0.now = max($0.now, end) }
  }

  private func popDue(before end: UInt64) -> (@Sendable () -> Void)? {
    state.withLock { state in
      let first = state.pending.enumerated().filter { $0.element.due <= end }.min { $0.element.due < $1.element.due }
      guard let first else { return nil }
      state.pending.remove(at: first.offset)
      state.now = max(state.now, first.element.due)
      return first.element.work
    }
  }

  /// How many timers wait.
  public var pendingCount: Int { state.withLock { $0.pending.count } }
}
