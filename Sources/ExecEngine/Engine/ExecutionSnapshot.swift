public import ExecModel

/// Where one execution stands at one moment; later moments are told by a ``Subscription``.
public struct ExecutionSnapshot: Sendable, Hashable {
  /// Which execution.
  public let id: ExecutionID
  /// The name of its box.
  public let box: String
  /// The machine's state.
  ///
  /// A terminal state may still wait for the journal; the end is ``conclusion``.
  public let state: ExecutionState
  /// Set once the terminal event is published.
  public let conclusion: Conclusion?
  /// The process's number on the host.
  public let processIdentifier: Int32?
  /// Published bytes.
  public let bytes: StreamCounts
  /// Newlines in them.
  public let lines: StreamCounts
  /// Evicted bytes.
  public let evicted: StreamCounts
  /// Stopped streams, with the journal's error number (0: a subscriber must catch up).
  public let stalls: [ExecStream: Int32]
  /// Whether the record takes what happens.
  public let record: RecordHealth
  /// Reports that came after the end or made no sense.
  public let dropped: UInt64
  /// Whether the command goes on when boxwatch lets go of it.
  public let outlives: Bool
  /// Why the box could not start the command, in one line.
  public let startError: String?
}
