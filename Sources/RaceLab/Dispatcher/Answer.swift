public import ExecModel

/// One happening's answers as a value, for callers that act on them one by one: live runs and the screen.
public struct Answer: DispatcherOutput, Hashable, Sendable {
  /// What the consumer is told, in order.
  public private(set) var announcements: [Announcement] = []
  /// The streams that must be emptied now.
  public private(set) var emptying: StreamSet = []
  /// Whether a timer must be started.
  public private(set) var startsTimer = false

  /// An answer with nothing in it.
  public init() {}

  /// Adds an announcement.
  public mutating func announce(_ announcement: Announcement) { announcements.append(announcement) }
  /// Adds streams to be emptied.
  public mutating func emptyKernel(_ streams: StreamSet) { emptying.formUnion(streams) }
  /// Notes that a timer is wanted.
  public mutating func startTimer() { startsTimer = true }
}
