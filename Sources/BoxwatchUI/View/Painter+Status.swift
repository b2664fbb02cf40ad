import Cells
import ExecModel

extension Painter {
  /// Draws the bottom line: the line being edited, a notice, or key hints.
  mutating func paintStatus() {
    let area = layout.status
    grid.fill(area, style: style(.statusbar))
    switch model.dialog {
    case .input(let editor, let id):
      let row = model.row(id)
      let pending = row.map(\.pendingWrites).flatMap { $0 > 0 ? " (\($0) waiting)" : nil } ?? ""
      paintLine(editor, prompt: " stdin of \(row?.number ?? 0)\(pending)> ", hints: .inputLine)
    case .search(let editor, _): paintLine(editor, prompt: " /", hints: .editor)
    case .help, .details, .signals, .themes, .start, .boxes, .picker, .question, nil: paintNotice()
    }
  }

  /// The maximum number of lines of a notice.
  private static let mostNoticeLines = 4

  private mutating func paintNotice() {
    let area = layout.status
    guard let notice = model.notice else { return paintHints(model.dialog?.scope ?? model.scope, from: area.column) }
    let role: Role = notice.isError ? .error : .info
    // A long notice covers the lines above it: a truncated reason does not say what to do.
    let room = model.height - 1
    let lines = WordWrap.lines(notice.text, width: area.width - 2).prefix(max(1, min(Self.mostNoticeLines, room)))
    for (offset, line) in lines.enumerated() {
      let place = Rect(row: area.row + 1 - lines.count + offset, column: area.column, height: 1, width: area.width)
      grid.fill(place, style: style(.statusbar))
      grid.write(" \(line)", row: place.row, column: place.column, style: style(role, on: .statusbar), within: place)
    }
  }

  /// Draws the bindings that have a hint, as many as fit; bindings that would be refused now are
  /// left out.
  mutating func paintHints(_ scope: Scope, from column: Int) {
    let area = layout.status
    var column = column + 1
    for binding in hinted(scope) {
      guard let key = binding.keys.first?.label, let hint = binding.hint else { continue }
      let width = key.count + hint.count + 3
      guard column + width - 2 <= area.right else { return }
      column = write(
        [(key, .statusbarKey), (" \(hint)  ", .statusbar)], on: .statusbar, row: area.row, column: column, within: area)
    }
  }

  private func hinted(_ scope: Scope) -> [Binding] {
    scope.chain.flatMap { scope in
      model.keymap.bindings.filter {
        $0.scope == scope && $0.hint != nil && model.refusal(of: $0.command) == nil
      }
    }.filter { binding in
      // A key that a scope in front takes does not perform this binding here.
      binding.keys.first.map { model.keymap.command(for: $0, in: scope) == binding.command } ?? false
    }
  }

  /// Draws a line being edited, scrolled so that the cursor is visible.
  private mutating func paintLine(_ editor: LineEditor, prompt: String, hints scope: Scope) {
    let area = layout.status
    var start = area.column
    start += grid.write(prompt, row: area.row, column: start, style: style(.statusbarKey, on: .statusbar), within: area)
    let room = Rect(row: area.row, column: start, height: 1, width: area.right - start)
    paint(editor, in: room, style(.streamStdin, on: .statusbar))
    let end = start + TextWidth.columns(of: editor.text) + 3
    if let notice = model.notice { return paintBeside(notice, from: end) }
    guard editor.isEmpty, end < area.right else { return }
    paintHints(scope, from: end)
  }

  /// Draws a notice at the right end of the line being edited, if it fits.
  private mutating func paintBeside(_ notice: Notice, from column: Int) {
    let area = layout.status
    guard column + TextWidth.columns(of: notice.text) < area.right else { return }
    writeRight(notice.text + " ", notice.isError ? .error : .info, row: area.row, end: area.right, within: area)
  }

  /// Draws an editor's text in a row, scrolled so that the cursor is visible, and places the
  /// cursor.
  mutating func paint(_ editor: LineEditor, in room: Rect, _ look: Style) {
    guard room.width > 0, room.height > 0 else { return }
    let before = TextWidth.columns(of: editor.textBeforeCursor)
    let hidden = max(0, before - room.width + 1)
    grid.write(editor.text, row: room.row, column: room.column - hidden, style: look, within: room)
    grid.cursor = Grid.Position(row: room.row, column: room.column + before - hidden)
  }
}
