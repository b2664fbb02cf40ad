import Cells
import ExecModel

/// Where one pane stands.
struct PaneFrame: Hashable, Sendable {
  /// Columns left of the text for marks.
  static let gutter = 1

  /// Its stream.
  var stream: ExecStream
  /// All of it.
  var outer: Rect
  /// Whether it has a border; without one its first row is its title.
  var hasBorder: Bool

  /// The area of the rows, the gutter included.
  var content: Rect {
    hasBorder
      ? outer.inset(by: 1)
      : Rect(row: outer.row + 1, column: outer.column, height: outer.height - 1, width: outer.width)
  }

  /// The size of a terminal that is shown here.
  var terminalSize: TerminalSize {
    TerminalSize(rows: UInt16(clamping: max(1, content.height)), columns: UInt16(clamping: textWidth))
  }

  /// Columns for text.
  var textWidth: Int { max(1, content.width - Self.gutter) }
}
