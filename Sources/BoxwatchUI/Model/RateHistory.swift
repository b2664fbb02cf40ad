/// Bytes per half second over the last while: the sparkline's and the rate column's data.
public struct RateHistory: Hashable, Sendable {
  /// One bucket's length in nanoseconds.
  static let bucketLength: UInt64 = 500_000_000
  /// How many closed buckets are kept.
  static let limit = 24

  /// The closed buckets, oldest first.
  public private(set) var buckets: [UInt64] = []
  private var current: UInt64 = 0
  private var start: UInt64?

  /// Counts bytes that arrived.
  mutating func add(_ bytes: UInt64) { current = current &+ bytes }

  /// Closes the buckets whose time is over.
  mutating func advance(to now: UInt64) {
    guard let begun = start, now >= begun else {
      start = now
      return
    }
    let passed = (now - begun) / Self.bucketLength
    guard passed > 0 else { return }
    start = begun + passed * Self.bucketLength
    close(passed: Int(clamping: min(passed, UInt64(Self.limit))))
  }

  private mutating func close(passed: Int) {
    buckets.append(current)
    buckets.append(contentsOf: repeatElement(0, count: passed - 1))
    buckets.removeFirst(max(0, buckets.count - Self.limit))
    current = 0
  }

  /// Bytes per second over the last two closed buckets.
  public var bytesPerSecond: UInt64 {
    let recent = buckets.suffix(2)
    guard !recent.isEmpty else { return 0 }
    return recent.reduce(0, &+) &* 2 / UInt64(recent.count)
  }

  /// Whether there is nothing to show or to forget.
  var isQuiet: Bool { current == 0 && buckets.allSatisfy { $0 == 0 } }
}
