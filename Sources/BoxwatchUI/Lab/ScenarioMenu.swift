public import RaceLab

/// The menu that changes what there is to happen: a number or a switch on each line.
public struct ScenarioMenu: Hashable, Sendable {
  /// Scenarios with up to this many positions have their schedules counted while they are chosen.
  private static let countable = 20_000

  /// What was chosen so far.
  public private(set) var scenario: Scenario
  /// The line that left and right change.
  public private(set) var index = 0

  /// A menu that shows a scenario.
  public init(_ scenario: Scenario) { self.scenario = scenario }

  var field: ScenarioField { ScenarioField.allCases[index] }

  /// Moves by some lines, stopping at the ends.
  mutating func move(by count: Int) { index = min(max(0, index &+ count), ScenarioField.allCases.count - 1) }

  /// Changes the line's number by one, or turns its switch; numbers stop at their bounds.
  mutating func change(by amount: Int) {
    let old = scenario
    let chosen = field
    let isChosen = { (field: ScenarioField) in field == chosen }
    let number = { (field: ScenarioField, value: Int, most: Int) in
      isChosen(field) ? min(max(0, value + amount), most) : value
    }
    let changed = try? Scenario(
      stdout: number(.stdout, old.stdout, Scenario.mostChunks),
      stderr: number(.stderr, old.stderr, Scenario.mostChunks),
      waiters: number(.waiters, old.waiters, Scenario.mostWaiters),
      lateWaiter: old.hasLateWaiter != isChosen(.lateWaiter), grandchild: old.hasGrandchild != isChosen(.grandchild),
      deadline: old.hasDeadline != isChosen(.deadline), forceClose: old.hasForceClose != isChosen(.forceClose))
    scenario = changed ?? old
  }

  /// A line's value as it is shown.
  func value(of field: ScenarioField) -> String {
    switch field {
    case .stdout: String(scenario.stdout)
    case .stderr: String(scenario.stderr)
    case .waiters: String(scenario.waiters)
    case .lateWaiter: scenario.hasLateWaiter ? "yes" : "no"
    case .grandchild: scenario.hasGrandchild ? "yes" : "no"
    case .deadline: scenario.hasDeadline ? "yes" : "no"
    case .forceClose: scenario.hasForceClose ? "yes" : "no"
    }
  }

  /// How many schedules the scenario has, in words; a large number is not counted between two keys.
  var size: String {
    let positions = Source.allCases.reduce(1) { $0 * (scenario.length($1) + 1) }
    guard positions <= Self.countable else { return "more schedules than anybody can try" }
    let count = scenario.scheduleCount
    return "\(count <= UInt128(UInt64.max) ? NumberText.grouped(UInt64(count)) : String(count)) schedules"
  }
}
