import CExecShims
import Glibc

/// Wall-clock times as text.
package enum WallClock {
  /// Nanoseconds since 1970.
  package static var now: UInt64 { cexec_wall_clock() }

  /// UTC by RFC 3339, cut to microseconds or fewer digits of the second: `2026-11-24T06:20:01.123456Z`.
  ///
  /// - Parameter digits: 1 to 6.
  package static func text(_ nanoseconds: UInt64, digits: Int = 6) -> String {
    let parts = utc(nanoseconds)
    let date = "\(parts.tm_year + 1900)-\(pad(parts.tm_mon + 1))-\(pad(parts.tm_mday))"
    let clock = "\(pad(parts.tm_hour)):\(pad(parts.tm_min)):\(pad(parts.tm_sec))"
    return "\(date)T\(clock).\(microseconds(nanoseconds).prefix(digits))Z"
  }

  /// The calendar's and the clock's parts of a time.
  static func utc(_ nanoseconds: UInt64) -> tm {
    var seconds = time_t(nanoseconds / 1_000_000_000)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    return parts
  }

  /// The second's six digits.
  static func microseconds(_ nanoseconds: UInt64) -> String { pad(Int32(nanoseconds % 1_000_000_000 / 1000), 6) }

  /// A number with zeros before it.
  static func pad(_ value: Int32, _ width: Int = 2) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }
}
