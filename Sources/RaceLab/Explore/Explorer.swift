/// Runs one dispatcher over a scenario's schedules, in slices.
public struct Explorer<Subject: Dispatcher>: Sendable {
  /// What was found so far.
  public private(set) var result: ExplorationResult
  private let space: ScheduleSpace
  private let dispatcher: Subject
  private var walker: ScheduleWalker<Subject, NoRecord>
  private var generator: SplitMix64

  /// Counts the schedules and stands before the first.
  public init(_ scenario: Scenario, _ dispatcher: Subject, limit: ExplorationLimit = ExplorationLimit()) {
    self.init(ScheduleSpace(scenario), dispatcher, limit: limit)
  }

  /// Stands before the first schedule of a space that has been counted already.
  public init(_ space: ScheduleSpace, _ dispatcher: Subject, limit: ExplorationLimit = ExplorationLimit()) {
    self.space = space
    self.dispatcher = dispatcher
    walker = ScheduleWalker(space.scenario, dispatcher)
    generator = SplitMix64(seed: limit.seed)
    let isWhole = space.count <= UInt128(limit.whole)
    result = ExplorationResult(
      scenario: space.scenario, space: space.count, total: isWhole ? Int(space.count) : min(limit.samples, limit.whole),
      seed: isWhole ? nil : limit.seed)
  }

  /// Runs up to `count` more schedules.
  ///
  /// - Returns: Whether there are more to run.
  public mutating func advance(by count: Int) -> Bool {
    var left = min(count, result.total - result.covered)
    while left > 0 {
      if result.isSample { runSample() } else { runNext() }
      left -= 1
    }
    return !result.isFinished
  }

  private mutating func runNext() {
    guard walker.next() else { return }
    let broken = walker.run.brokenAtEnd
    result.count(broken)
    if !broken.isEmpty { note(walker.path, decided: walker.decided ?? walker.path.count, broken) }
  }

  private mutating func runSample() {
    var run = Run<Subject, NoRecord>(dispatcher)
    var decided: Int?
    let sources = space.sample(&generator)
    for (index, source) in sources.enumerated() {
      run.take(source, in: space.scenario)
      if decided == nil, !run.broken.isEmpty { decided = index + 1 }
    }
    result.count(run.brokenAtEnd)
    if !run.brokenAtEnd.isEmpty { note(sources, decided: decided ?? sources.count, run.brokenAtEnd) }
  }

  private mutating func note(_ sources: [Source], decided: Int, _ broken: PromiseSet) {
    if let best = result.shortest {
      guard decided <= best.decided else { return }
      // A walk meets schedules in order, so that an equal one comes later; a sample meets them in any order.
      let isFirst = sources.lexicographicallyPrecedes(best.schedule.sources) { $0.rawValue < $1.rawValue }
      guard decided < best.decided || isFirst else { return }
    }
    result.shortest = Counterexample(
      schedule: Schedule(checked: space.scenario, sources), decided: decided, violations: broken)
  }
}
