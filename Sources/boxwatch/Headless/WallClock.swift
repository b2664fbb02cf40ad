import CExecShims
import Glibc

/// Wall-clock times as text.
enum WallClock {
  /// Nanoseconds since 1970.
  static var now: UInt64 { cexec_wall_clock() }

  /// UTC by RFC 3339 with microseconds: `2026-11-24T06:20:01.123456Z`.
  static func text(_ nanoseconds: UInt64) -> String {
    var seconds = time_t(nanoseconds / 1_000_000_000)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    let date = "\(parts.tm_year + 1900)-\(pad(parts.tm_mon + 1))-\(pad(parts.tm_mday))"
    let clock = "\(pad(parts.tm_hour)):\(pad(parts.tm_min)):\(pad(parts.tm_sec))"
    return "\(date)T\(clock).\(pad(Int32(nanoseconds % 1_000_000_000 / 1000), 6))Z"
  }

  private static func pad(_ value: Int32, _ width: Int = 2) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }
}
