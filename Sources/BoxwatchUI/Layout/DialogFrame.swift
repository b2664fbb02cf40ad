import Cells

/// Where a dialog stands: in the middle of the screen, never past its edges.
struct DialogFrame: Hashable, Sendable {
  /// All of it.
  var outer: Rect
  /// Without its border.
  var inner: Rect { outer.inset(by: 1) }

  /// A dialog whose inside has this size, as far as the screen has room.
  init(_ model: Model, height: Int, width: Int) {
    let height = min(height + 2, max(0, model.height - 1))
    let width = min(width + 2, model.width)
    outer = Rect(
      row: max(0, (model.height - 1 - height) / 2), column: max(0, (model.width - width) / 2), height: height,
      width: width)
  }

  /// The frame of a menu.
  init(_ model: Model, menu: Menu) {
    let widest = menu.items.map { TextWidth.columns(of: $0.label) }.max() ?? 0
    self.init(model, height: menu.items.count, width: max(24, widest + 2))
  }

  /// The frame of the question, its two buttons in the last row.
  init(_ model: Model, question: [String]) {
    let widest = question.map { TextWidth.columns(of: $0) }.max() ?? 0
    self.init(model, height: question.count + 2, width: max(32, widest + 2))
  }

  /// The frame of the start prompt.
  init(startPromptOf model: Model) { self.init(model, height: 5, width: 76) }

  /// The frame of the help page.
  init(helpOf model: Model, lines: Int) { self.init(model, height: lines, width: 72) }

  /// The first item that a menu shows, so that the chosen one is in sight.
  func menuTop(_ menu: Menu) -> Int {
    min(max(0, menu.index - inner.height / 2), max(0, menu.items.count - inner.height))
  }

  /// The buttons of a question, a blank behind each: `[kill and quit] `.
  static let buttonWidth = 16

  /// Where the button that does it stands.
  var yesButton: Rect { button(at: 1) }
  /// Where the button that changes nothing stands.
  var noButton: Rect { button(at: 1 + min(Self.buttonWidth, inner.width / 2)) }

  private func button(at column: Int) -> Rect {
    Rect(
      row: inner.bottom - 1, column: inner.column + column, height: inner.height > 0 ? 1 : 0,
      width: min(Self.buttonWidth - 1, inner.width / 2 - 1))
  }
}
