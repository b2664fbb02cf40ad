/// The terminal event's content: the outcome, and what was counted on the way.
public struct Conclusion: Hashable, Sendable, Codable {
  /// How the process ended and whether its output is whole.
  public var outcome: Outcome
  /// Bytes that each stream brought, evicted ones included.
  public var bytes: StreamCounts
  /// Bytes that were evicted to keep within the journal's limit.
  public var evicted: StreamCounts
  /// Streams in which bytes are missing or may be, since the way to the box was cut or boxwatch came late.
  public var unproven: StreamSet

  /// Makes a conclusion.
  public init(
    outcome: Outcome, bytes: StreamCounts = .init(), evicted: StreamCounts = .init(), unproven: StreamSet = []
  ) {
    self.outcome = outcome
    self.bytes = bytes
    self.evicted = evicted
    self.unproven = unproven
  }

  /// Whether every stream was read to its end, and nothing is known or feared to be missing.
  public var isWhole: Bool { outcome.isComplete && unproven.isEmpty }
}
