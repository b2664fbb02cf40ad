import Glibc

/// Time that never decreases and does not count while the machine is suspended (`CLOCK_MONOTONIC`, clock_gettime(2)).
///
/// For durations, timeouts and deadlines within one process.
package enum MonotonicClock {
  /// Nanoseconds since an unspecified start.
  package static var now: UInt64 { nanoseconds(of: CLOCK_MONOTONIC) }
}

/// The processor time that the calling thread has used (`CLOCK_THREAD_CPUTIME_ID`, clock_gettime(2)).
package enum ThreadProcessorTime {
  /// Nanoseconds since the thread started.
  package static var now: UInt64 { nanoseconds(of: CLOCK_THREAD_CPUTIME_ID) }
}

/// The time of day, which an administrator or NTP may set back (`CLOCK_REALTIME`, clock_gettime(2)).
package enum WallClock {
  /// Nanoseconds since 1970.
  package static var now: UInt64 { nanoseconds(of: CLOCK_REALTIME) }

  /// UTC in RFC 3339 format, truncated to microseconds or fewer digits: `2026-11-24T06:20:01.123456Z`.
  ///
  /// - Parameters:
  ///   - nanoseconds: the time since the epoch.
  ///   - digits: 1 to 6.
  package static func text(_ nanoseconds: UInt64, digits: Int = 6) -> String {
    let parts = utc(nanoseconds)
    let date = "\(parts.tm_year + 1900)-\(pad(parts.tm_mon + 1))-\(pad(parts.tm_mday))"
    let clock = "\(pad(parts.tm_hour)):\(pad(parts.tm_min)):\(pad(parts.tm_sec))"
    return "\(date)T\(clock).\(microseconds(nanoseconds).prefix(digits))Z"
  }

  /// UTC without separators, for names of files: `20261124-062001`.
  package static func compactText(_ nanoseconds: UInt64) -> String {
    let parts = utc(nanoseconds)
    let date = [parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday].map { pad($0) }.joined()
    return date + "-" + [parts.tm_hour, parts.tm_min, parts.tm_sec].map { pad($0) }.joined()
  }

  /// The six digits after the second.
  package static func microseconds(_ nanoseconds: UInt64) -> String {
    pad(Int32(nanoseconds % 1_000_000_000 / 1000), 6)
  }

  /// The time of day in the local time zone, such as `14:02:11`.
  package static var localTime: String {
    var now = time(nil)
    var parts = tm()
    localtime_r(&now, &parts)
    return [parts.tm_hour, parts.tm_min, parts.tm_sec].map { pad($0) }.joined(separator: ":")
  }

  private static func utc(_ nanoseconds: UInt64) -> tm {
    var seconds = time_t(nanoseconds / 1_000_000_000)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    return parts
  }

  /// A number padded with leading zeros.
  private static func pad(_ value: Int32, _ width: Int = 2) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }
}

/// A clock's time (clock_gettime(2)); 0 for one that the kernel does not have.
func nanoseconds(of clock: clockid_t) -> UInt64 {
  var time = timespec()
  clock_gettime(clock, &time)
  return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
}
