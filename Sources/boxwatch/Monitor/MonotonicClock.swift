import ExecEngine
import Glibc

/// Time for the loop.
enum MonotonicClock {
  /// Nanoseconds on the clock that the engine uses.
  static var now: UInt64 { TimerThread.shared.now() }

  /// The time of day, `14:02:11`.
  static var timeOfDay: String {
    var now = time(nil)
    var parts = tm()
    localtime_r(&now, &parts)
    return [parts.tm_hour, parts.tm_min, parts.tm_sec].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
  }
}
