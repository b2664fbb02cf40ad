import CExecShims
import Glibc

/// Moments as text.
enum Timestamp {
  /// Now, by RFC 3339 in UTC to the millisecond.
  static func now() -> String { text(cexec_wall_clock()) }

  /// A moment in nanoseconds since 1970.
  static func text(_ nanoseconds: UInt64) -> String {
    var seconds = time_t(nanoseconds / 1_000_000_000)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    let date = "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
    let clock = "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
    return "\(date)T\(clock).\(String(1000 + nanoseconds % 1_000_000_000 / 1_000_000).dropFirst())Z"
  }

  private static func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
