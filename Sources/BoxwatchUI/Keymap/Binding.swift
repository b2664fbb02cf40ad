public import Cells

/// One line of the keymap: keys, what they do, and how help and hints call it.
public struct Binding: Hashable, Sendable {
  /// Any of these keys.
  public var keys: [Key]
  /// What they ask for.
  public var command: Command
  /// Where.
  public var scope: Scope
  /// The line in the help page.
  public var help: String
  /// The word in the status line or a dialog's last line; nil when it is not shown there.
  public var hint: String?
  /// Whether the binding may stand in front of one of the scope behind it, as `n` does while a search is shown.
  public var shadows: Bool

  /// Makes a binding.
  public init(
    _ keys: [Key], _ command: Command, in scope: Scope, _ help: String, hint: String? = nil, shadows: Bool = false
  ) {
    self.keys = keys
    self.command = command
    self.scope = scope
    self.help = help
    self.hint = hint
    self.shadows = shadows
  }
}
