/// Decides when to read, draw and tick; all times are nanoseconds on the monotonic clock.
struct FramePace {
  /// The length of a frame at sixty frames a second.
  static let frame: UInt64 = 16_666_667
  /// The interval at which the clock, elapsed times and rates are updated.
  static let tick: UInt64 = 1_000_000_000

  /// Whether some execution has unread events.
  var hasNews = true
  private var lastDraw: UInt64 = 0
  private var lastRead: UInt64 = 0
  private var lastTick: UInt64 = 0

  /// Whether to read executions now: at once after a pause, once a frame during a flood.
  func mayRead(_ now: UInt64) -> Bool { hasNews && now &- lastRead >= Self.frame }

  /// Whether a frame may be drawn now.
  func mayDraw(_ now: UInt64) -> Bool { now &- lastDraw >= Self.frame }

  /// Whether a tick is due.
  func isTickDue(_ now: UInt64) -> Bool { now &- lastTick >= Self.tick }

  mutating func read(at now: UInt64) {
    lastRead = now
    hasNews = false
  }

  mutating func drew(at now: UInt64) { lastDraw = now }

  mutating func ticked(at now: UInt64) { lastTick = now }

  /// The poll(2) timeout in milliseconds, rounded up so that the loop does not wake too early and
  /// spin.
  func timeout(now: UInt64, needsDisplay: Bool) -> Int32 {
    var due = lastTick &+ Self.tick
    if needsDisplay { due = min(due, lastDraw &+ Self.frame) }
    if hasNews { due = min(due, lastRead &+ Self.frame) }
    return due <= now ? 0 : Int32((due - now + 999_999) / 1_000_000)
  }
}
