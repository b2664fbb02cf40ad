/// What the lab asks of the screen around it, after a key.
enum LabAnswer: Hashable, Sendable {
  /// Nothing.
  case nothing
  /// Show a sentence.
  case say(String, isError: Bool = false)
  /// Put a text into the terminal's clipboard.
  case copy(String)
  /// Leave the lab.
  case leave
  /// Do this.
  case effect(Effect)
}
