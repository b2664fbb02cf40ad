/// A set of waiters by number, small enough to live in every state of an exploration.
public struct WaiterSet: Hashable, Sendable {
  /// How many waiters there can be; numbers from here on are never members.
  public static let capacity = 64

  private var bits: UInt64 = 0

  /// The empty set.
  public init() {}

  /// Whether nobody is in it.
  public var isEmpty: Bool { bits == 0 }
  /// How many are in it.
  public var count: Int { bits.nonzeroBitCount }

  private static func bit(_ waiter: Int) -> UInt64 { (0..<capacity).contains(waiter) ? 1 << UInt64(waiter) : 0 }

  /// Whether the waiter is a member.
  public func contains(_ waiter: Int) -> Bool { bits & Self.bit(waiter) != 0 }
  /// Adds a waiter.
  public mutating func insert(_ waiter: Int) { bits |= Self.bit(waiter) }
  /// Adds all members of `other`.
  public mutating func formUnion(_ other: WaiterSet) { bits |= other.bits }
  /// The members that are not in `other`.
  public func subtracting(_ other: WaiterSet) -> WaiterSet {
    var rest = self
    rest.bits &= ~other.bits
    return rest
  }

  /// Takes the lowest number out; nil when nobody is in it.
  public mutating func popFirst() -> Int? {
    guard bits != 0 else { return nil }
    let waiter = bits.trailingZeroBitCount
    bits &= bits - 1
    return waiter
  }
}
