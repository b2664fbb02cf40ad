public import ExecModel

/// Where a dispatcher puts its answers: announcements for the consumer, and what it asks of its surroundings.
public protocol DispatcherOutput {
  /// Puts an announcement into the consumer's queue.
  mutating func announce(_ announcement: Announcement)
  /// Asks for all that the kernel holds of these streams now.
  ///
  /// It is answered, for each of them, with its chunks and then with `emptied`, or with `endOfStream` when that is what
  /// the read found. No pump brings anything of the stream after that.
  mutating func emptyKernel(_ streams: StreamSet)
  /// Asks for one `deadline`, later.
  mutating func startTimer()
}
