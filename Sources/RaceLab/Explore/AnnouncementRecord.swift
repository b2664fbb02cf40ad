public import ExecModel

/// Everything that a dispatcher announced in a run, in order.
public struct AnnouncementRecord: AnnouncementRecorder {
  /// One announcement.
  public struct Entry: Hashable, Sendable {
    /// What was announced.
    public let announcement: Announcement
    /// Whether the consumer still read it.
    public let isRead: Bool
    /// The step it answers, from 0.
    public let step: Int
  }

  /// The announcements, in order: the consumer's queue.
  public private(set) var entries: [Entry] = []

  /// An empty record.
  public init() {}

  /// Adds an announcement.
  public mutating func record(_ announcement: Announcement, isRead: Bool, step: Int) {
    entries.append(Entry(announcement: announcement, isRead: isRead, step: step))
  }

  /// The chunks of a stream that the consumer read, or those that came too late for it, by their numbers.
  public func chunks(_ stream: ExecStream, areRead: Bool = true) -> [Int] {
    entries.compactMap { entry in
      guard case .output(stream, let chunk) = entry.announcement, entry.isRead == areRead else { return nil }
      return chunk
    }
  }
}
