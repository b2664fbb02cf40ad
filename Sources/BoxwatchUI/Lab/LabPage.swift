/// What the lab shows.
public enum LabPage: Hashable, Sendable {
  /// Schedules, taken step by step.
  case stepping
  /// A real command, whose reports are held by hand.
  case holding
}
