/// A key press, a mouse event or a paste, as the user interface understands them; no terminal codes.
public enum Key: Hashable, Sendable {
  /// A printable character, as typed.
  case character(Character)
  /// A letter held with Ctrl, lower case: `a` to `z`, also `\\`, `]`, `^`, `_` and space.
  case control(Character)
  /// A character pressed with Alt.
  case alt(Character)
  /// A key that has a name.
  case named(Name)
  /// The mouse; rows and columns count from 0.
  case mouse(MouseAction, row: Int, column: Int)
  /// Text that was pasted in one piece (bracketed paste).
  case paste(String)

  /// Keys without a character.
  public enum Name: String, Hashable, Sendable, CaseIterable {
    case up, down, left, right, home, end, pageUp, pageDown, insert, delete
    case enter, tab, backTab, backspace, escape
    case f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11, f12
  }

  /// What the mouse did.
  public enum MouseAction: Hashable, Sendable {
    case press, release, doublePress, wheelUp, wheelDown
  }
}
