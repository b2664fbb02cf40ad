public import ExecModel

/// A question with two buttons.
public struct Question: Hashable, Sendable {
  /// What is asked.
  public enum Subject: Hashable, Sendable {
    /// Whether to kill what runs and quit.
    case quit
    /// Whether to close one execution by force.
    case forceClose(ExecutionID)
  }

  /// What is asked.
  public var subject: Subject
  /// Whether the button that does it has the focus; not at first, so that a stray Enter changes nothing.
  public var isYesFocused = false

  /// A question.
  public init(_ subject: Subject) { self.subject = subject }
}
