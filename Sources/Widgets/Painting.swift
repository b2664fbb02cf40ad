package import Cells

/// Draws a screen in the styles of a theme.
///
/// Each module has a painter of its own, whose parts are extensions; what all of them draw is here.
package protocol Painting {
  /// The screen drawn so far.
  var grid: Grid { get set }
  /// What is drawn on.
  var display: Display { get }
}

extension Painting {
  /// The style of a role.
  package func style(_ role: Role) -> Style { display.style(role) }

  /// The style of a role on another role's background; its own background only where it has one.
  package func style(_ role: Role, on ground: Role) -> Style {
    var look = style(role)
    if look.background == style(.text).background { look.background = style(ground).background }
    return look
  }

  /// The first text with UTF-8, otherwise the second.
  package func glyph(_ unicode: String, _ ascii: String) -> String { display.isUTF8 ? unicode : ascii }

  /// The separator between two parts of a title.
  package var separator: String { glyph(" · ", " - ") }

  /// Writes pieces of text in sequence and returns the column after the last.
  @discardableResult
  package mutating func write(
    _ parts: [(String, Role)], on ground: Role = .text, row: Int, column: Int, within: Rect
  ) -> Int {
    var column = column
    for (text, role) in parts {
      column += grid.write(text, row: row, column: column, style: style(role, on: ground), within: within)
    }
    return column
  }

  /// Writes right-aligned text that ends at a column.
  package mutating func writeRight(
    _ text: String, _ role: Role, on ground: Role = .text, row: Int, end: Int, within: Rect
  ) {
    let column = end - TextWidth.columns(of: text)
    grid.write(text, row: row, column: column, style: style(role, on: ground), within: within)
  }

  /// Draws a message with the required size, or only the size where the message does not fit.
  package mutating func paintTooSmall(_ name: String, _ smallest: (height: Int, width: Int)) {
    guard display.height > 0 else { return }
    let size = "\(smallest.width)x\(smallest.height)"
    let message = ["\(name) needs \(size)", "needs \(size)"].first { $0.count <= display.width } ?? size
    grid.write(message, row: display.height / 2, column: 0, style: style(.warning))
  }

  /// Draws the frame of a dialog.
  package mutating func paintBox(_ frame: DialogFrame, _ title: String) {
    grid.fill(frame.outer, style: style(.dialog))
    let border = style(.borderFocus, on: .dialog)
    grid.box(frame.outer, style: border, ascii: !display.isUTF8, title: title, titleStyle: border)
  }

  /// Draws key hints in the status line, as many as fit.
  package mutating func paint(_ hints: [KeyHint], in area: Rect, from column: Int) {
    var column = column + 1
    for hint in hints {
      let width = hint.key.count + hint.word.count + 3
      guard column + width - 2 <= area.right else { return }
      column = write(
        [(hint.key, .statusbarKey), (" \(hint.word)  ", .statusbar)], on: .statusbar, row: area.row, column: column,
        within: area)
    }
  }

  /// Highlights a row: sets the role's background if it has one, and its attributes.
  package mutating func select(_ place: Rect, _ role: Role = .selection) {
    let selection = style(role)
    let base = style(.text)
    grid.restyle(place) { style in
      if selection.background != base.background { style.background = selection.background }
      if selection.foreground != base.foreground { style.foreground = selection.foreground }
      style.attributes.formUnion(selection.attributes)
    }
    var look = style(.text)
    look.background = grid[place.row, place.column].style.background
    grid.write(glyph("▸", ">"), row: place.row, column: place.column, style: look, within: place)
  }

  /// Draws an editor's text in a row, scrolled so that the cursor is visible, and places the
  /// cursor.
  package mutating func paint(_ editor: LineEditor, in room: Rect, _ look: Style) {
    guard room.width > 0, room.height > 0 else { return }
    let before = TextWidth.columns(of: editor.textBeforeCursor)
    let hidden = max(0, before - room.width + 1)
    grid.write(editor.text, row: room.row, column: room.column - hidden, style: look, within: room)
    grid.cursor = Grid.Position(row: room.row, column: room.column + before - hidden)
  }
}

/// The frame of a dialog: centred, and inside the screen.
package struct DialogFrame: Hashable, Sendable {
  /// The area including the border.
  package var outer: Rect
  /// The area without the border.
  package var inner: Rect { outer.inset(by: 1) }

  /// Creates a frame for an inner size, as far as it fits on the screen.
  package init(_ display: Display, height: Int, width: Int) {
    let height = min(height + 2, max(0, display.height - 1))
    let width = min(width + 2, display.width)
    outer = Rect(
      row: max(0, (display.height - 1 - height) / 2), column: max(0, (display.width - width) / 2), height: height,
      width: width)
  }
}
