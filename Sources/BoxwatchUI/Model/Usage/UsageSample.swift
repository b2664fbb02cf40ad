/// What was used in a while that ended now.
public struct UsageSample: Hashable, Sendable {
  /// Thousandths of one processor, on average over the while; nil when there was nothing to compare with.
  public var processor: UInt64?
  /// Memory at its end, in bytes; nil when it is not counted.
  public var memory: UInt64?

  /// Makes a sample.
  public init(processor: UInt64? = nil, memory: UInt64? = nil) {
    self.processor = processor
    self.memory = memory
  }
}
