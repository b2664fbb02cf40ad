public import ExecModel

/// The state of a source in the stepping screen.
public struct SourceStatus: Hashable, Sendable {
  /// The source.
  public let source: Source
  /// Its remaining steps, in order.
  public let pending: [Step]
  /// Whether the first of them is enabled.
  public let isEnabled: Bool
  /// Why it is not, for display; nil when it is, or when no step is left.
  public let obstacle: String?

  /// The next step; nil when none is left.
  public var next: Step? { pending.first }
  /// The display name.
  public var name: String { source.name }
}

/// The result of the search for the next losing schedule.
public enum LosingSearch: Hashable, Sendable {
  /// Found; the session shows it.
  case found
  /// The dispatcher loses none; the session is unchanged.
  case none
  /// None among the schedules tried; the session is unchanged.
  case gaveUp(after: Int)
}

/// A schedule that is stepped through interactively, with dispatchers side by side.
public struct LabSession: Hashable, Sendable {
  /// A dispatcher's run with all its announcements.
  public typealias LabRun = Run<StandardDispatcher, AnnouncementRecord>

  /// The scenario; it has a deadline when one of the dispatchers needs one.
  public private(set) var scenario: Scenario
  /// The dispatchers shown, from left to right.
  public private(set) var kinds: [DispatcherKind]
  /// The sources of the steps so far, in order.
  public private(set) var taken: [Source] = []
  /// Each dispatcher's run, in the order of ``kinds``.
  public private(set) var runs: [LabRun]

  /// Makes a session before the first step.
  public init(_ scenario: Scenario = .smallest, kinds: [DispatcherKind] = [.exitFirst, .drainOrdered]) {
    self.scenario = kinds.contains(where: \.needsDeadline) ? scenario.withDeadline : scenario
    self.kinds = kinds
    runs = []
    restart()
  }

  /// Makes a session after the steps of a schedule.
  public init(_ schedule: Schedule, kinds: [DispatcherKind] = [.exitFirst, .drainOrdered]) {
    self.init(schedule.scenario, kinds: kinds)
    for source in schedule.sources { _ = take(source) }
  }

  /// The position after the steps so far.
  public var position: Position { schedule.position }
  /// The steps so far as a schedule.
  public var schedule: Schedule { Schedule(checked: scenario, taken) }
  /// Whether all steps have happened.
  public var isComplete: Bool { taken.count == scenario.stepCount }

  /// The sources of the scenario, in the lab's order.
  public var sources: [SourceStatus] {
    let position = position
    return scenario.sources.map { source in
      SourceStatus(
        source: source, pending: scenario.pending(source, at: position),
        isEnabled: scenario.isEnabled(source, at: position), obstacle: scenario.obstacle(source, at: position))
    }
  }

  /// The verdict on each dispatcher so far, in the order of ``kinds``.
  public var verdicts: [Verdict] { runs.map { Verdict($0, in: scenario) } }

  /// The text of a stream that the consumer of one of ``runs`` has read so far.
  public func text(_ stream: ExecStream, readBy run: LabRun) -> String {
    run.record.chunks(stream).map { scenario.text(stream, chunk: $0) }.joined()
  }

  /// Takes the next step of a source.
  ///
  /// - Returns: Whether it was enabled.
  public mutating func take(_ source: Source) -> Bool {
    guard scenario.isEnabled(source, at: position) else { return false }
    taken.append(source)
    for index in runs.indices { runs[index].take(source, in: scenario) }
    return true
  }

  /// Takes back the last step.
  ///
  /// - Returns: Whether there was one.
  public mutating func back() -> Bool {
    guard !taken.isEmpty else { return false }
    replay(Array(taken.dropLast()))
    return true
  }

  /// Returns to the state before the first step.
  public mutating func restart() { replay([]) }

  /// Takes the step of an enabled source, drawn with equal probabilities.
  ///
  /// - Returns: The source; nil when all steps have happened.
  public mutating func takeRandom(_ generator: inout some RandomNumberGenerator) -> Source? {
    let position = position
    let enabled = Source.allCases.filter { scenario.isEnabled($0, at: position) }
    guard let source = enabled.randomElement(using: &generator) else { return nil }
    return take(source) ? source : nil
  }

  /// Takes random steps until all have happened.
  public mutating func runToEnd(_ generator: inout some RandomNumberGenerator) {
    while takeRandom(&generator) != nil {}
  }

  /// Shows other dispatchers with the same steps.
  public mutating func show(_ kinds: [DispatcherKind]) {
    self.kinds = kinds
    if kinds.contains(where: \.needsDeadline) { scenario = scenario.withDeadline }
    replay(taken)
  }

  /// Jumps to the next complete schedule, in order, that the leftmost dispatcher loses; wraps around after the last.
  ///
  /// - Parameter limit: The maximum number of schedules to try.
  public mutating func nextLosing(limit: Int = 100_000) -> LosingSearch {
    guard let kind = kinds.first else { return .none }
    let dispatcher = kind.make(drain: scenario.drain)
    var tried = 0
    for start in [taken, []] {
      var walker = ScheduleWalker<StandardDispatcher, NoRecord>(scenario, dispatcher, after: start)
      while walker.next() {
        guard walker.run.brokenAtEnd.isEmpty else {
          replay(walker.path)
          return .found
        }
        tried += 1
        if tried >= limit { return .gaveUp(after: tried) }
      }
    }
    return .none
  }

  private mutating func replay(_ sources: [Source]) {
    taken = []
    runs = kinds.map { LabRun($0.make(drain: scenario.drain)) }
    for source in sources { _ = take(source) }
  }
}
