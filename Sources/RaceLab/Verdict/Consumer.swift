public import ExecModel

/// A client that reads announcements in order and stops at the first terminal one, exit or wait, as real clients do.
///
/// Later announcements are only counted; they are not read.
public struct Consumer: Hashable, Sendable {
  /// The end as the consumer received it.
  public struct End: Hashable, Sendable {
    /// The status, nil when the dispatcher had none.
    public let status: ExitStatus?
    /// The streams that the announcement reports as cut.
    public let truncated: StreamSet
  }

  /// Chunks read, for each stream.
  public private(set) var read = PerStream<Int>()
  /// Chunks announced after the end, which are not read.
  public private(set) var missed = PerStream<Int>()
  /// The end as received; nil while it reads.
  public private(set) var end: End?
  /// The number of announced exits.
  public private(set) var exits = 0
  /// The waiters that were answered.
  public private(set) var answered = WaiterSet()
  /// The waiters that were answered more than once.
  public private(set) var answeredTwice = WaiterSet()
  /// The number of answers before the exit.
  public private(set) var earlyWaits = 0
  /// Whether a chunk arrived that was not the next of its stream.
  public private(set) var isGarbled = false

  /// A consumer that has read nothing.
  public init() {}

  /// Whether it is still reading.
  public var isReading: Bool { end == nil }

  /// Whether output, exit and waits arrived in the promised order so far.
  public var isOrdered: Bool { missed.total == 0 && exits <= 1 && earlyWaits == 0 }

  /// Takes the next announcement.
  public mutating func take(_ announcement: Announcement) {
    switch announcement {
    case .output(let stream, let chunk):
      guard end == nil else { return missed[stream] &+= 1 }
      if chunk != read[stream] { isGarbled = true }
      read[stream] &+= 1
    case .exit(let status, let truncated):
      exits &+= 1
      if end == nil { end = End(status: status, truncated: truncated) }
    case .wait(let waiter, let status):
      if answered.contains(waiter) { answeredTwice.insert(waiter) }
      answered.insert(waiter)
      if exits == 0 { earlyWaits &+= 1 }
      if end == nil { end = End(status: status, truncated: []) }
    }
  }
}
