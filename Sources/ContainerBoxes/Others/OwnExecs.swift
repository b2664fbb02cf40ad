import Synchronization

/// The execs that this process made: they are not somebody else's.
enum OwnExecs {
  private static let made = Mutex(RecentNames())

  static func insert(_ identifier: String) { made.withLock { _ = $0.insert(identifier) } }

  static func contains(_ identifier: String) -> Bool { made.withLock { $0.contains(identifier) } }
}
