/// How much of the past is kept: how many journals, and how many bytes of disk.
public struct Retention: Hashable, Sendable {
  /// The most journals to keep, the newest of all; older ones that still run stay, too.
  public var count: Int
  /// The most bytes of disk that all journals together may take, running ones included.
  public var bytes: UInt64

  /// Makes a retention.
  public init(count: Int, bytes: UInt64) {
    self.count = count
    self.bytes = bytes
  }

  /// Gives up the oldest journals until the rest is within both limits; one that runs stays, and so may too much.
  ///
  /// The newest is never given up for its size: it may be what was just waited for.
  ///
  /// - Parameters:
  ///   - number: how many there are, the oldest first.
  ///   - most: how many are removed at the most.
  ///   - size: what the one with this index takes on the disk; asked for those that are within the count.
  ///   - remove: removes the one with this index; false when it stays.
  /// - Returns: whether all was done.
  func apply(to number: Int, atMost most: Int = .max, size: (Int) -> UInt64, remove: (Int) -> Bool) -> Bool {
    var rest = most
    let first = max(0, number - count)
    for index in 0..<first {
      guard rest > 0 else { return false }
      if remove(index) { rest -= 1 }
    }
    let sizes = (first..<number).map(size)
    var total = sizes.reduce(0, &+)
    for (place, size) in sizes.dropLast().enumerated() where total > bytes {
      guard rest > 0 else { return false }
      guard remove(first + place) else { continue }
      total &-= size
      rest -= 1
    }
    return true
  }
}
