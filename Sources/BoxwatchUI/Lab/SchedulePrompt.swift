public import RaceLab

/// The prompt for a schedule's text: its line, and what was wrong with it.
public struct SchedulePrompt: Hashable, Sendable {
  /// The text as it is typed.
  public var editor = LineEditor()
  /// Why it cannot be read, and where.
  public var problem: ScheduleError?

  /// An empty prompt.
  public init() {}
}
