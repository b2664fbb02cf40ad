import RaceLab

/// Scenarios that between them have every kind of step, as schedules' texts begin.
enum Scenarios {
  /// Small enough for every dispatcher to be run over all of each.
  static let small = [
    "o1e1", "o2e2", "o3e2", "o0e0w1", "o0e1g", "o1e0w2l", "o1e1w1d", "o1e1f", "o1e1w1l", "o1e1g", "o1e1l", "o1e1gd",
    "o0e0lf", "o0e0w1gf",
  ]
  /// For `drain-ordered` alone: some hundred thousand schedules together.
  static let large = ["o1e0lgdf", "o1e1lgf", "o2e1w1g", "o3e3w1l"]

  /// Reads one of the texts.
  static func scenario(_ text: String) throws -> Scenario { try Schedule(text: text + ":").scenario }
}
