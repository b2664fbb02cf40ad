/// One of the four promises that a schedule can break.
public enum Promise: UInt8, Hashable, Sendable, CaseIterable {
  /// P1: output, then exactly one exit, then the waits; nothing after.
  case order = 1
  /// P2: what was written is read, unless the end names the cut.
  case whole = 2
  /// P3: every waiter is answered exactly once, however late.
  case late = 3
  /// P4: the end is announced when it is one: not while the process or a holder of the pipe lives, and not never.
  case honestEnd = 4

  /// The short name: `P1`.
  public var name: String { "P\(rawValue)" }

  /// Two words for a table header: `P1 order`.
  public var title: String {
    switch self {
    case .order: "P1 order"
    case .whole: "P2 whole"
    case .late: "P3 late"
    case .honestEnd: "P4 honest end"
    }
  }
}

/// A set of promises, as a small value that is copied with every state of an exploration.
public struct PromiseSet: OptionSet, Hashable, Sendable {
  /// Bit n − 1 is promise Pn.
  public let rawValue: UInt8

  /// Makes a set from its bits; unknown bits match no promise.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The set that holds one promise.
  public init(_ promise: Promise) { self.init(rawValue: 1 << (promise.rawValue - 1)) }

  /// P1 alone.
  public static let order = PromiseSet(.order)
  /// P2 alone.
  public static let whole = PromiseSet(.whole)
  /// P3 alone.
  public static let late = PromiseSet(.late)
  /// P4 alone.
  public static let honestEnd = PromiseSet(.honestEnd)
  /// All four.
  public static let all: PromiseSet = [.order, .whole, .late, .honestEnd]

  /// Whether `promise` is a member.
  public func contains(_ promise: Promise) -> Bool { contains(PromiseSet(promise)) }

  /// The members, by number.
  public var promises: [Promise] { Promise.allCases.filter(contains) }

  /// The members' short names joined by spaces: `P1 P2`; `none` for the empty set.
  public var names: String { isEmpty ? "none" : promises.map(\.name).joined(separator: " ") }
}
