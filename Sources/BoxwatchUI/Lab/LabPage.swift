/// What the lab shows.
public enum LabPage: Hashable, Sendable {
  /// Schedules, taken step by step.
  case stepping
}
