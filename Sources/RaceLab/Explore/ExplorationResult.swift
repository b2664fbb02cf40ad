/// What an exploration has found about one dispatcher so far.
public struct ExplorationResult: Hashable, Sendable {
  /// The scenario as it was run, with a deadline when the dispatcher needs one.
  public let scenario: Scenario
  /// How many schedules the scenario has.
  public let space: UInt128
  /// How many will be run: all, or the sample's size.
  public let total: Int
  /// The seed of the sample; nil when all schedules are run.
  public let seed: UInt64?
  /// How many have been run.
  public internal(set) var covered = 0
  /// How many of them broke a promise.
  public internal(set) var losing = 0
  /// Losing schedules for each promise, P1 first.
  var violations: SIMD4<Int> = .zero
  /// Of the losing schedules the one that is decided after the fewest steps, the first such in the lab's order.
  public internal(set) var shortest: Counterexample?

  /// How many schedules broke one promise.
  public func violations(of promise: Promise) -> Int { violations[Int(promise.rawValue) - 1] }

  /// Whether only a part is run, each schedule drawn with the same chance.
  public var isSample: Bool { seed != nil }
  /// Whether all that was to be run has been.
  public var isFinished: Bool { covered == total }
  /// The losing schedules' share of the covered ones, 0 to 1; 0 before the first.
  public var share: Double { covered == 0 ? 0 : Double(losing) / Double(covered) }
  /// The promises that were broken at least once.
  public var broken: PromiseSet {
    Promise.allCases.reduce(into: []) { if violations(of: $1) > 0 { $0.formUnion(PromiseSet($1)) } }
  }

  mutating func count(_ broken: PromiseSet) {
    covered &+= 1
    guard !broken.isEmpty else { return }
    losing &+= 1
    for promise in Promise.allCases where broken.contains(promise) { violations[Int(promise.rawValue) - 1] &+= 1 }
  }
}
