/// Nobody listens.
public struct NoRecord: AnnouncementRecorder {
  /// Makes one.
  public init() {}
  /// Does nothing.
  public mutating func record(_ announcement: Announcement, isRead: Bool, step: Int) {}
}
