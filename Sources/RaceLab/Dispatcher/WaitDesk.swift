package import ExecModel

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

/// The waiters of a dispatcher that has one owner of its end: pending until it, answered at once after it.
package struct WaitDesk: Hashable, Sendable {
  private var pending = WaiterSet()
  private var end: End = .none

  /// Whether the end was told; with what status.
  private enum End: Hashable, Sendable {
    case none
    case told(ExitStatus?)
  }

  /// A desk at which nobody waits.
  package init() {}

  /// Whether the end was told.
  package var isOver: Bool { end != .none }

  /// Takes a waiter: into the list, or answered at once when the end was told.
  package mutating func take(_ waiter: Int, into output: inout some DispatcherOutput) {
    switch end {
    case .none: pending.insert(waiter)
    case .told(let status): output.announce(.wait(waiter: waiter, status))
    }
  }

  /// Answers all who wait, and from now on everyone at once.
  package mutating func answer(_ status: ExitStatus?, into output: inout some DispatcherOutput) {
    end = .told(status)
    while let waiter = pending.popFirst() { output.announce(.wait(waiter: waiter, status)) }
  }

  /// Tells the end once: exit first, then the waiters; nothing when it was told before.
  package mutating func finish(
    _ status: ExitStatus?, truncated: StreamSet = [], into output: inout some DispatcherOutput
  ) {
    guard !isOver else { return }
    output.announce(.exit(status, truncated: truncated))
    answer(status, into: &output)
  }
}
