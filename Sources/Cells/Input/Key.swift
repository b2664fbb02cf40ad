/// A key press, a mouse event or a paste, independent of terminal codes.
public enum Key: Hashable, Sendable {
  /// A printable character, as typed.
  case character(Character)
  /// A letter pressed with Ctrl, lower case: `a` to `z`, also `\\`, `]`, `^`, `_` and space.
  case control(Character)
  /// A character pressed with Alt.
  case alt(Character)
  /// A named key.
  case named(Name)
  /// The mouse; rows and columns count from 0.
  case mouse(MouseAction, row: Int, column: Int)
  /// Text pasted at once (bracketed paste).
  case paste(String)

  /// Keys without a character.
  public enum Name: String, Hashable, Sendable, CaseIterable {
    case up, down, left, right, home, end, pageUp, pageDown, insert, delete
    case enter, tab, backTab, backspace, escape
    case f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11, f12
  }

  /// A mouse action.
  public enum MouseAction: Hashable, Sendable {
    case press, release, doublePress, wheelUp, wheelDown
  }
}
