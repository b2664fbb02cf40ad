@testable import RaceLab

/// The explorer's walk without a dispatcher.
struct ScheduleWalkerProbe {
  private let scenario: Scenario
  private var walker: ScheduleWalker<ExitFirst, NoRecord>

  init(_ scenario: Scenario) {
    self.scenario = scenario
    walker = ScheduleWalker(scenario, ExitFirst())
  }

  mutating func next() -> Schedule? { walker.next() ? Schedule(scenario, walker.path) : nil }
}
