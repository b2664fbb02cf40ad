public import ExecModel

/// What the start prompt asks for.
public struct StartRequest: Hashable, Sendable {
  /// The command as it was typed.
  public var text: String
  /// Its words; never empty.
  public var command: [String]
  /// The box's name; empty for the default when the model knows no box.
  public var box: String
  /// The words of a sandbox's options, as a command line has them.
  public var options: [String]
  /// The terminal's size when it gets one.
  public var terminal: TerminalSize?
  /// Whether its standard input stays open.
  public var wantsInput: Bool

  /// Makes a request.
  public init(
    text: String, command: [String], box: String, options: [String] = [], terminal: TerminalSize?, wantsInput: Bool
  ) {
    self.text = text
    self.command = command
    self.box = box
    self.options = options
    self.terminal = terminal
    self.wantsInput = wantsInput
  }
}
