/// A schedule in which a dispatcher breaks a promise.
public struct Counterexample: Hashable, Sendable {
  /// The whole schedule.
  public let schedule: Schedule
  /// After how many steps it was certain that a promise is broken; all of them when only the end showed it.
  public let decided: Int
  /// What it breaks.
  public let violations: PromiseSet
}
