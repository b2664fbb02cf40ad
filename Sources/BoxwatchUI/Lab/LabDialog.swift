/// What stands in front of the lab and takes the keys.
public enum LabDialog: Hashable, Sendable {
  /// The explanation, from a line.
  case help(top: Int)
  /// What there is to happen.
  case scenario(ScenarioMenu)
  /// A schedule's text being typed.
  case schedule(SchedulePrompt)

  /// Which bindings count.
  var scope: Scope {
    switch self {
    case .help: .help
    case .scenario: .labScenario
    case .schedule: .editor
    }
  }
}
