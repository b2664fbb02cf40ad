package import ExecModel

/// A set of waiters by number, as a small value that is copied with every state of an exploration.
public struct WaiterSet: Hashable, Sendable {
  /// The maximum number of waiters; this and higher numbers are never members.
  public static let capacity = 64

  private var bits: UInt64 = 0

  /// The empty set.
  public init() {}

  /// Whether it has no members.
  public var isEmpty: Bool { bits == 0 }
  /// The number of members.
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

  /// Removes and returns the lowest number; nil when the set is empty.
  public mutating func popFirst() -> Int? {
    guard bits != 0 else { return nil }
    let waiter = bits.trailingZeroBitCount
    bits &= bits - 1
    return waiter
  }
}

/// The waiters of a dispatcher with one owner of its end: pending before the end, answered at once after it.
package struct Waiters: Hashable, Sendable {
  private var pending = WaiterSet()
  private var end: End = .none

  /// Whether the end was announced, and with what status.
  private enum End: Hashable, Sendable {
    case none
    case told(ExitStatus?)
  }

  /// Makes one without waiters.
  package init() {}

  /// Whether the end was announced.
  package var isOver: Bool { end != .none }

  /// Registers a waiter, or answers it at once when the end was announced.
  package mutating func take(_ waiter: Int, into output: inout some DispatcherOutput) {
    switch end {
    case .none: pending.insert(waiter)
    case .told(let status): output.announce(.wait(waiter: waiter, status))
    }
  }

  /// Answers all registered waiters; later ones are answered at once.
  package mutating func answer(_ status: ExitStatus?, into output: inout some DispatcherOutput) {
    end = .told(status)
    while let waiter = pending.popFirst() { output.announce(.wait(waiter: waiter, status)) }
  }

  /// Announces the end once: exit first, then the waiters; does nothing when it was announced before.
  package mutating func finish(
    _ status: ExitStatus?, truncated: StreamSet = [], into output: inout some DispatcherOutput
  ) {
    guard !isOver else { return }
    output.announce(.exit(status, truncated: truncated))
    answer(status, into: &output)
  }
}
