/// How many steps each source has taken: where a schedule stands, whatever the order was that led there.
public struct Position: Hashable, Sendable {
  /// One byte for each source.
  fileprivate var packed: UInt64 = 0

  /// The start: nothing has happened.
  public init() {}

  /// The number of steps that a source has taken.
  public subscript(source: Source) -> Int {
    Int(truncatingIfNeeded: packed >> (UInt64(source.rawValue) &* 8)) & 0xFF
  }

  /// Counts one more step of a source.
  mutating func advance(_ source: Source) { packed &+= 1 &<< (UInt64(source.rawValue) &* 8) }
}

extension Position {
  /// Sets the number of steps of a source, 0 to 255.
  mutating func set(_ source: Source, _ count: Int) {
    let shift = UInt64(source.rawValue) &* 8
    packed = packed & ~(0xFF &<< shift) | UInt64(UInt8(truncatingIfNeeded: count)) &<< shift
  }
}
