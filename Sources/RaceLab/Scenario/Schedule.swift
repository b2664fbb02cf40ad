/// A scenario and the order in which its steps happen, all of them or a first part.
///
/// Its text is self-contained: see ``init(text:)``.
public struct Schedule: Hashable, Sendable {
  /// What there is to happen.
  public let scenario: Scenario
  /// Who takes the next step, in order.
  public let sources: [Source]

  /// A schedule that someone has already checked.
  init(checked scenario: Scenario, _ sources: [Source]) {
    self.scenario = scenario
    self.sources = sources
  }

  /// Makes a schedule; nil when a step may not happen where it stands.
  public init?(_ scenario: Scenario, _ sources: [Source]) {
    var position = Position()
    for source in sources {
      guard scenario.isEnabled(source, at: position) else { return nil }
      position.advance(source)
    }
    self.init(checked: scenario, sources)
  }

  /// The steps, in order.
  public var steps: [Step] {
    var position = Position()
    return sources.compactMap { source in
      defer { position.advance(source) }
      return scenario.nextStep(source, at: position)
    }
  }

  /// Where it leads.
  public var position: Position { sources.reduce(into: Position()) { $0.advance($1) } }

  /// Whether everything has happened.
  public var isComplete: Bool { scenario.isComplete(at: position) }

  /// The schedule taken to its end: every further step is the first one, in the lab's order, that may happen.
  public var completed: Schedule {
    var all = sources
    var position = position
    while let next = Source.allCases.first(where: { scenario.isEnabled($0, at: position) }) {
      all.append(next)
      position.advance(next)
    }
    return Schedule(checked: scenario, all)
  }
}
