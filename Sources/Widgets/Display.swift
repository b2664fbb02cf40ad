public import Cells

/// The terminal that is drawn on, and the theme to draw with.
public struct Display: Hashable, Sendable {
  /// Rows.
  public var height: Int
  /// Columns.
  public var width: Int
  /// The theme.
  public var theme: Theme
  /// The number of colours.
  public var depth: ColorDepth
  /// Whether glyphs beyond ASCII can be shown.
  public var isUTF8: Bool

  /// Creates a display; a negative size is an empty one.
  public init(
    height: Int, width: Int, theme: Theme = .builtIn, depth: ColorDepth = .sixteen, isUTF8: Bool = true
  ) {
    self.height = max(0, height)
    self.width = max(0, width)
    self.theme = theme
    self.depth = depth
    self.isUTF8 = isUTF8
  }

  /// The style of a role.
  public func style(_ role: Role) -> Style { theme.style(role, depth: depth) }

  /// Takes the terminal's new size.
  public mutating func resize(rows: Int, columns: Int) {
    height = max(0, rows)
    width = max(0, columns)
  }
}

/// A sentence in the status line that disappears after a while.
public struct Notice: Hashable, Sendable {
  /// How long a notice stays, in nanoseconds.
  public static let lifetime: UInt64 = 6_000_000_000

  /// The sentence.
  public var text: String
  /// Whether it reports an error.
  public var isError: Bool
  /// When it disappears, on the monotonic clock.
  public var until: UInt64

  /// Creates a notice that is shown from now on.
  public init(_ text: String, isError: Bool = false, now: UInt64) {
    self.text = text
    self.isError = isError
    until = now &+ Self.lifetime
  }
}

/// How a state is displayed: a glyph, a word and a role, so that colour is never the only
/// indication.
public struct StateBadge: Hashable, Sendable {
  /// The glyph.
  public var glyph: Unicode.Scalar
  /// The glyph without UTF-8.
  public var ascii: Unicode.Scalar
  /// The word.
  public var word: String
  /// The role that colours both.
  public var role: Role

  /// Creates a badge.
  public init(glyph: Unicode.Scalar, ascii: Unicode.Scalar, word: String, role: Role) {
    self.glyph = glyph
    self.ascii = ascii
    self.word = word
    self.role = role
  }
}

/// What the mouse did at a place of the screen.
public struct MouseEvent: Hashable, Sendable {
  /// The press, release or step of the wheel.
  public var action: Key.MouseAction
  /// The row, from 0.
  public var row: Int
  /// The column, from 0.
  public var column: Int

  /// Creates an event.
  public init(_ action: Key.MouseAction, row: Int, column: Int) {
    (self.action, self.row, self.column) = (action, row, column)
  }

  /// Whether it presses a button, once or twice.
  public var isPress: Bool { action == .press || action == .doublePress }

  /// Whether it is in an area.
  public func isIn(_ area: Rect) -> Bool { area.contains(row: row, column: column) }
}
