/// Who else hears what a dispatcher announces in a run: nobody in an exploration, the screen while stepping.
public protocol AnnouncementRecorder: Hashable, Sendable {
  /// Makes an empty one.
  init()
  /// Takes an announcement; `isRead` says whether the consumer still read it, `step` after which step it came, from 0.
  mutating func record(_ announcement: Announcement, isRead: Bool, step: Int)
}
