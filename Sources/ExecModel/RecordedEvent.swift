/// An event with its place in the record.
public struct RecordedEvent: Hashable, Sendable {
  /// The event's number in its execution, from 0, without gaps.
  public var sequence: UInt64
  /// Nanoseconds since the execution was created, on the monotonic clock.
  public var time: UInt64
  /// What happened.
  public var event: ExecutionEvent

  /// Makes a recorded event.
  public init(sequence: UInt64, time: UInt64, event: ExecutionEvent) {
    self.sequence = sequence
    self.time = time
    self.event = event
  }
}
