/// Something that a box may be able to do for its commands; the raw name is what the screen says.
public enum BoxAbility: String, Hashable, Sendable, CaseIterable {
  /// They can have a terminal.
  case terminal = "tty"
  /// They can read what is written to them.
  case input = "stdin"
  /// Signals reach the command itself.
  case signals
  /// A terminal can change its size while the command runs.
  case resize
  /// A kill reaches everything that the command has started.
  case killAll = "kill-all"
  /// The command can be attached to when the boxwatch that started it is gone.
  case reattach
  /// What it uses of memory and processors can be told.
  case usage
  /// Who holds a stream after the exit can be named.
  case holders
}
