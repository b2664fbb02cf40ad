import RaceLab

/// What became of one execution, as its consumer saw it.
struct LiveOutcome: Hashable, Sendable {
  /// What the consumer had read when it was told the end.
  enum Output: Hashable, Sendable, CaseIterable {
    /// All that the command wrote.
    case whole
    /// A part, and nothing said so.
    case truncated
    /// Nothing of what there was, and nothing said so.
    case empty
    /// What there was until a stream was cut short, and the end named the stream.
    case cut
    /// All that was read, but a stream was closed while somebody held it, and nothing said so: what came later is unknown.
    case abandoned

    /// Whether bytes were lost that nobody spoke of.
    var isLoss: Bool { self == .truncated || self == .empty }
  }

  /// What was read.
  let output: Output
  /// Whether the end was told with another status than the reaper's, with none, or not at all.
  let hasWrongExit: Bool
  /// Whether the end was not told in time.
  let isMissing: Bool
  /// Nanoseconds from the reaper's report to the told end, 0 when it was told before; nil when it was not told.
  let latency: UInt64?
  /// The promises that were seen broken.
  let broken: PromiseSet
}
