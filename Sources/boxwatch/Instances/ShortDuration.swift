/// Durations in a few characters.
enum ShortDuration {
  private static let units: [(name: String, seconds: UInt64)] = [("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)]

  /// The largest unit that fits, rounded down: `3m`, `12h`, `40d`; below ten seconds with a digit after the point.
  static func text(_ nanoseconds: UInt64) -> String {
    let tenths = nanoseconds / 100_000_000
    if tenths < 100 { return "\(tenths / 10).\(tenths % 10)s" }
    let seconds = nanoseconds / 1_000_000_000
    let unit = units.first { seconds >= $0.seconds * 2 } ?? ("s", 1)
    return "\(seconds / unit.seconds)\(unit.name)"
  }
}
