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

/// When to read, draw and tick; all times are nanoseconds on the monotonic clock.
struct FramePace {
  /// Sixty frames a second.
  static let frame: UInt64 = 16_666_667
  /// One tick for the clock, the elapsed times and the rates.
  static let tick: UInt64 = 1_000_000_000

  /// Whether some execution has something to read.
  var hasNews = true
  private var lastDraw: UInt64 = 0
  private var lastRead: UInt64 = 0
  private var lastTick: UInt64 = 0

  /// Whether executions are to be read now: at once after a pause, once a frame in a flood.
  func mayRead(_ now: UInt64) -> Bool { hasNews && now &- lastRead >= Self.frame }

  /// Whether a frame may be drawn now.
  func mayDraw(_ now: UInt64) -> Bool { now &- lastDraw >= Self.frame }

  /// Whether the second is over.
  func isTickDue(_ now: UInt64) -> Bool { now &- lastTick >= Self.tick }

  mutating func read(at now: UInt64) {
    lastRead = now
    hasNews = false
  }

  mutating func drew(at now: UInt64) { lastDraw = now }

  mutating func ticked(at now: UInt64) { lastTick = now }

  /// Milliseconds to sleep at the most, for poll(2); rounded up, so that it does not wake too early and spin.
  func timeout(now: UInt64, needsDisplay: Bool) -> Int32 {
    var due = lastTick &+ Self.tick
    if needsDisplay { due = min(due, lastDraw &+ Self.frame) }
    if hasNews { due = min(due, lastRead &+ Self.frame) }
    return due <= now ? 0 : Int32((due - now + 999_999) / 1_000_000)
  }
}
