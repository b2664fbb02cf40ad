extension Duration {
  private static let units: [(suffix: String, attoseconds: Int64, seconds: Int64)] = [
    ("ms", 1_000_000_000_000_000, 0), ("s", 0, 1), ("m", 0, 60), ("h", 0, 3600),
  ]

  /// Reads a duration as boxwatch writes them everywhere: `500ms`, `2s`, `1.5s`, `5m`, `1h`.
  ///
  /// - Throws: ``TextValueError`` for a missing unit, a negative number or 18 billion seconds (570 years) and more.
  public init(boxwatchText text: String) throws(TextValueError) {
    for unit in Self.units where text.hasSuffix(unit.suffix) {
      guard let value = Self.number(text.dropLast(unit.suffix.count)) else { continue }
      let seconds = value * (Double(unit.seconds) + Double(unit.attoseconds) / 1e18)
      guard seconds < 1.8e10 else { throw TextValueError("'\(text)' is too long a time") }
      self = .milliseconds(Int64((seconds * 1000).rounded()))
      return
    }
    throw TextValueError("'\(text)' is no duration: write 500ms, 2s, 5m or 1h")
  }

  private static func number(_ text: Substring) -> Double? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 }) else { return nil }
    return Double(text)
  }

  /// As many seconds as can be counted in nanoseconds; a spec that was read from a file may hold more.
  private static var longest: Duration { .seconds(18_446_744_073) }

  /// The duration in the largest unit that keeps it whole: `90s`, `2m`, `250ms`; 0 when negative, at most 584 years.
  public var boxwatchText: String {
    let (seconds, attoseconds) = min(max(self, .zero), Self.longest).components
    let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
    if milliseconds % 1000 != 0 { return "\(milliseconds)ms" }
    if seconds % 3600 == 0, seconds > 0 { return "\(seconds / 3600)h" }
    if seconds % 60 == 0, seconds > 0 { return "\(seconds / 60)m" }
    return "\(seconds)s"
  }

  /// The duration in whole nanoseconds, 0 when negative, saturating at `UInt64.max`.
  public var nanoseconds: UInt64 {
    guard self > .zero else { return 0 }
    guard self < Self.longest else { return .max }
    return UInt64(components.seconds) &* 1_000_000_000 &+ UInt64(components.attoseconds / 1_000_000_000)
  }
}
