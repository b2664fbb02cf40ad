/// How many schedules are run at most, and what is done when there are more.
public struct ExplorationLimit: Hashable, Sendable {
  /// Scenarios with up to this many schedules are run whole.
  public let whole: Int
  /// Of larger ones so many are drawn, and never more than ``whole``.
  public let samples: Int
  /// The seed of the draw.
  public let seed: UInt64

  /// Makes a limit; numbers below 1 count as 1.
  public init(whole: Int = 5_000_000, samples: Int = 1_000_000, seed: UInt64 = 1) {
    self.whole = max(1, whole)
    self.samples = max(1, samples)
    self.seed = seed
  }
}
