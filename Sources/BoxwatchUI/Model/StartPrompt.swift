/// The prompt that starts a command: its line, its box, the box's options, and two switches.
public struct StartPrompt: Hashable, Sendable {
  /// The command as it is typed.
  public var editor = LineEditor()
  /// A sandbox's options as they are typed, as on a command line: `--net --memory 1G`.
  public var options = LineEditor()
  /// Whether keys go to the options.
  public var isInOptions = false
  /// The box's name; empty for the default when the model knows no box.
  public var box: String
  /// Whether the command gets a terminal.
  public var wantsTerminal = false
  /// Whether its standard input stays open for `i`.
  public var wantsInput = false
  /// Why the last attempt was refused.
  public var problem: String?

  /// An empty prompt.
  public init(box: String = "") { self.box = box }
}
