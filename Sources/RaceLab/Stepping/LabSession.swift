public import ExecModel

/// A source as the stepping screen lists it.
public struct SourceStatus: Hashable, Sendable {
  /// Which it is.
  public let source: Source
  /// Its steps that are still to come, in order.
  public let pending: [Step]
  /// Whether the first of them may happen now.
  public let isEnabled: Bool
  /// Why it may not, for a person; nil when it may or when nothing is left.
  public let obstacle: String?

  /// The step it takes next; nil when nothing is left.
  public var next: Step? { pending.first }
  /// How a person calls it.
  public var name: String { source.name }
}

/// How the search for the next losing schedule ended.
public enum LosingSearch: Hashable, Sendable {
  /// The session shows it now.
  case found
  /// The dispatcher loses none; the session is as it was.
  case none
  /// None among the first so many; the session is as it was.
  case gaveUp(after: Int)
}

/// A schedule that a person takes step by step, with dispatchers side by side.
public struct LabSession: Hashable, Sendable {
  /// A dispatcher's run with everything that it announced.
  public typealias LabRun = Run<StandardDispatcher, AnnouncementRecord>

  /// What there is to happen; it has a deadline when a shown dispatcher needs one.
  public private(set) var scenario: Scenario
  /// The dispatchers that are shown, the first at the left.
  public private(set) var kinds: [DispatcherKind]
  /// Who took the steps so far, in order.
  public private(set) var taken: [Source] = []
  /// Each dispatcher's run, in the order of ``kinds``.
  public private(set) var runs: [LabRun]

  /// Starts before the first step.
  public init(_ scenario: Scenario = .smallest, kinds: [DispatcherKind] = [.exitFirst, .drainOrdered]) {
    self.scenario = kinds.contains(where: \.needsDeadline) ? scenario.withDeadline : scenario
    self.kinds = kinds
    runs = []
    restart()
  }

  /// Starts where a schedule's steps lead.
  public init(_ schedule: Schedule, kinds: [DispatcherKind] = [.exitFirst, .drainOrdered]) {
    self.init(schedule.scenario, kinds: kinds)
    for source in schedule.sources { _ = take(source) }
  }

  /// Where the steps so far lead.
  public var position: Position { schedule.position }
  /// The steps so far, as a schedule with its text.
  public var schedule: Schedule { Schedule(checked: scenario, taken) }
  /// Whether everything has happened.
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

  /// What the schedule so far did to each dispatcher's consumer, in the order of ``kinds``.
  public var verdicts: [Verdict] { runs.map { Verdict($0, in: scenario) } }

  /// The text of a stream that the consumer of one of ``runs`` has read so far.
  public func text(_ stream: ExecStream, readBy run: LabRun) -> String {
    run.record.chunks(stream).map { scenario.text(stream, chunk: $0) }.joined()
  }

  /// Lets a source take its next step.
  ///
  /// - Returns: Whether it could.
  public mutating func take(_ source: Source) -> Bool {
    guard scenario.isEnabled(source, at: position) else { return false }
    taken.append(source)
    for index in runs.indices { runs[index].take(source, in: scenario) }
    return true
  }

  /// Takes the last step back.
  ///
  /// - Returns: Whether there was one.
  public mutating func back() -> Bool {
    guard !taken.isEmpty else { return false }
    replay(Array(taken.dropLast()))
    return true
  }

  /// Goes back to before the first step.
  public mutating func restart() { replay([]) }

  /// Lets a source that may, drawn with equal chances, take its step.
  ///
  /// - Returns: The source; nil when everything has happened.
  public mutating func takeRandom(_ generator: inout some RandomNumberGenerator) -> Source? {
    let position = position
    let enabled = Source.allCases.filter { scenario.isEnabled($0, at: position) }
    guard let source = enabled.randomElement(using: &generator) else { return nil }
    return take(source) ? source : nil
  }

  /// Takes random steps until everything has happened.
  public mutating func runToEnd(_ generator: inout some RandomNumberGenerator) {
    while takeRandom(&generator) != nil {}
  }

  /// Shows other dispatchers over the same steps.
  public mutating func show(_ kinds: [DispatcherKind]) {
    self.kinds = kinds
    if kinds.contains(where: \.needsDeadline) { scenario = scenario.withDeadline }
    replay(taken)
  }

  /// Jumps to the next whole schedule, in order, that the dispatcher at the left loses; after the last, to the first.
  ///
  /// - Parameter limit: How many schedules are tried at most.
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
