/// The prompt that starts a command: its line, its box, and two switches.
public struct StartPrompt: Hashable, Sendable {
  /// The command as it is typed.
  public var editor = LineEditor()
  /// Which of the model's boxes.
  public var box = 0
  /// Whether the command gets a terminal.
  public var wantsTerminal = false
  /// Whether its standard input stays open for `i`.
  public var wantsInput = false
  /// Why the last attempt was refused.
  public var problem: String?

  /// An empty prompt.
  public init() {}
}
