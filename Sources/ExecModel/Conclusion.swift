/// The terminal event's content: the outcome, and what was counted on the way.
public struct Conclusion: Hashable, Sendable, Codable {
  /// How the process ended and whether its output is whole.
  public var outcome: Outcome
  /// Bytes that each stream brought, evicted ones included.
  public var bytes: StreamCounts
  /// Bytes that were evicted to keep within the journal's limit.
  public var evicted: StreamCounts

  /// Makes a conclusion.
  public init(outcome: Outcome, bytes: StreamCounts = .init(), evicted: StreamCounts = .init()) {
    self.outcome = outcome
    self.bytes = bytes
    self.evicted = evicted
  }
}
