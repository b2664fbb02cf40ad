/// Runs several of the lab's dispatchers over one scenario, one after the other, in slices.
public struct Exploration: Sendable {
  /// The dispatchers, in the order in which they are run.
  public let kinds: [DispatcherKind]
  private var explorers: [Explorer<StandardDispatcher>]
  private var current = 0

  /// Counts the schedules of each dispatcher's scenario and stands before the first.
  public init(
    _ scenario: Scenario, kinds: [DispatcherKind] = DispatcherKind.allCases,
    limit: ExplorationLimit = ExplorationLimit()
  ) {
    self.kinds = kinds
    var spaces: [Scenario: ScheduleSpace] = [:]
    explorers = kinds.map { kind in
      let adapted = scenario.adapted(to: kind)
      let space = spaces[adapted] ?? ScheduleSpace(adapted)
      spaces[adapted] = space
      return Explorer(space, kind.make(drain: adapted.drain), limit: limit)
    }
  }

  /// What was found about each dispatcher so far, in their order.
  public var results: [ExplorationResult] { explorers.map(\.result) }
  /// How many schedules have been run, over all dispatchers.
  public var covered: Int { explorers.reduce(0) { $0 &+ $1.result.covered } }
  /// How many will be run, over all dispatchers.
  public var total: Int { explorers.reduce(0) { $0 &+ $1.result.total } }
  /// The dispatcher that is being run; nil when all have been.
  public var running: DispatcherKind? { kinds.indices.contains(current) ? kinds[current] : nil }

  /// Runs up to `count` more schedules.
  ///
  /// - Returns: Whether there are more to run.
  public mutating func advance(by count: Int) -> Bool {
    var left = count
    while left > 0, current < explorers.count {
      let before = explorers[current].result.covered
      let hasMore = explorers[current].advance(by: left)
      left -= explorers[current].result.covered - before
      if !hasMore { current += 1 }
    }
    return current < explorers.count
  }
}
