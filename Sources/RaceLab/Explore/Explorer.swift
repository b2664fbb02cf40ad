/// The maximum number of schedules to run, and the sample to draw when there are more.
public struct ExplorationLimit: Hashable, Sendable {
  /// Scenarios with up to this many schedules are run completely.
  public let whole: Int
  /// The sample size for larger ones, limited to ``whole``.
  public let samples: Int
  /// The seed of the sample.
  public let seed: UInt64

  /// Makes a limit; numbers below 1 count as 1.
  public init(whole: Int = 5_000_000, samples: Int = 1_000_000, seed: UInt64 = 1) {
    self.whole = max(1, whole)
    self.samples = max(1, samples)
    self.seed = seed
  }
}

/// A schedule in which a dispatcher breaks a promise.
public struct Counterexample: Hashable, Sendable {
  /// The complete schedule.
  public let schedule: Schedule
  /// The number of steps after which a promise was certainly broken; all of them when only the end showed it.
  public let decided: Int
  /// The broken promises.
  public let violations: PromiseSet
}

/// The result of an exploration of one dispatcher so far.
public struct ExplorationResult: Hashable, Sendable {
  /// The scenario as run, with a deadline when the dispatcher needs one.
  public let scenario: Scenario
  /// The number of schedules of the scenario.
  public let space: UInt128
  /// The number of schedules to run: all, or the sample size.
  public let total: Int
  /// The seed of the sample; nil when all schedules are run.
  public let seed: UInt64?
  /// The number of schedules run.
  public internal(set) var covered = 0
  /// The number of those that broke a promise.
  public internal(set) var losing = 0
  /// Losing schedules for each promise, P1 first.
  var violations: SIMD4<Int> = .zero
  /// The losing schedule that is decided after the fewest steps; of several, the first in the lab's order.
  public internal(set) var shortest: Counterexample?

  /// The number of schedules that broke one promise.
  public func violations(of promise: Promise) -> Int { violations[Int(promise.rawValue) - 1] }

  /// Whether a sample is run, in which all schedules are equally likely.
  public var isSample: Bool { seed != nil }
  /// Whether all schedules to run have been run.
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

/// Runs several of the lab's dispatchers over one scenario, one after the other, in slices.
public struct Exploration: Sendable {
  /// The dispatchers, in the order in which they are run.
  public let kinds: [DispatcherKind]
  private var explorers: [Explorer<StandardDispatcher>]
  private var current = 0

  /// Counts the schedules of each dispatcher's scenario; none is run yet.
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

  /// The result of each dispatcher so far, in their order.
  public var results: [ExplorationResult] { explorers.map(\.result) }
  /// The number of schedules run, over all dispatchers.
  public var covered: Int { explorers.reduce(0) { $0 &+ $1.result.covered } }
  /// The number of schedules to run, over all dispatchers.
  public var total: Int { explorers.reduce(0) { $0 &+ $1.result.total } }
  /// The dispatcher being run; nil when all are finished.
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

/// Runs one dispatcher over a scenario's schedules, in slices.
public struct Explorer<Subject: Dispatcher>: Sendable {
  /// The result so far.
  public private(set) var result: ExplorationResult
  private let space: ScheduleSpace
  private let dispatcher: Subject
  private var walker: ScheduleWalker<Subject, NoRecord>
  private var generator: SplitMix64

  /// Counts the schedules; none is run yet.
  public init(_ scenario: Scenario, _ dispatcher: Subject, limit: ExplorationLimit = ExplorationLimit()) {
    self.init(ScheduleSpace(scenario), dispatcher, limit: limit)
  }

  /// Starts before the first schedule of a space that was already counted.
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
      // A walk visits schedules in order, so an equal one comes later; a sample visits them in any order.
      let isFirst = sources.lexicographicallyPrecedes(best.schedule.sources) { $0.rawValue < $1.rawValue }
      guard decided < best.decided || isFirst else { return }
    }
    result.shortest = Counterexample(
      schedule: Schedule(checked: space.scenario, sources), decided: decided, violations: broken)
  }
}
