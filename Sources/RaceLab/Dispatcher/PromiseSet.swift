/// A set of promises, small enough to live in every state of an exploration.
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
