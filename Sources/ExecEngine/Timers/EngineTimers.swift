/// Time as the engine sees it: a monotonic clock and one-shot timers.
///
/// Tests bring one that they move by hand.
public protocol EngineTimers: Sendable {
  /// Nanoseconds on a clock that never goes back.
  func now() -> UInt64

  /// Calls `work` once, on a thread of the timers' own, `delay` from now.
  ///
  /// There is no cancelling: work that came too
  /// late finds that out under the lock of what it is about.
  func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void)
}
