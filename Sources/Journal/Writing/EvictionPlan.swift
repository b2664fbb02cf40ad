public import ExecModel

/// What an eviction gives up: announced under the execution's lock, carried out outside it.
public struct EvictionPlan: Hashable, Sendable {
  /// The events to publish, one for each stream that loses bytes.
  public let events: [ExecutionEvent]
  /// First offset still kept, per stream.
  public let heads: StreamCounts
  /// Bytes that go now, per stream; what a disk has kept, below a record in memory, is not among them.
  public let bytes: StreamCounts
  /// First record still kept.
  let firstRecord: UInt64
}
