import ExecEngine

/// Moments as BoxLite's clients get them: RFC 3339 in UTC to the millisecond.
enum Timestamp {
  /// Now.
  static func now() -> String { text(WallClock.now) }

  /// A moment in nanoseconds since 1970.
  static func text(_ nanoseconds: UInt64) -> String { WallClock.text(nanoseconds, digits: 3) }
}
