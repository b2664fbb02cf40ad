/// When to measure: once a second, and so much less often that measuring never takes more than its share of a core.
///
/// All times are nanoseconds.
struct UsagePace: Hashable, Sendable {
  /// A round's cost times this is the least time until the next: half a hundredth of a core.
  static let share: UInt64 = 200
  /// The usual time between two rounds; the second's tick asks, and may come a moment early.
  static let usual: UInt64 = 900_000_000
  /// However dear a round was, another one follows.
  static let longest: UInt64 = 60_000_000_000

  private var next: UInt64 = 0

  /// Whether a round may begin.
  func isDue(_ now: UInt64) -> Bool { now >= next }

  /// Notes a round that began at a time and took so much of a processor.
  mutating func spent(_ cost: UInt64, from begin: UInt64) {
    let rest = min(cost.multipliedReportingOverflow(by: Self.share).partialValue, Self.longest)
    next = begin &+ max(Self.usual, cost > Self.longest ? Self.longest : rest)
  }
}
