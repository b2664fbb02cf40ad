import Cells

/// Where the list of what there is to attach to stands: the middle of the screen, as much of it as is useful.
struct PickerLayout: Hashable, Sendable {
  /// Columns and rows that are never needed.
  private static let most = (height: 30, width: 140)

  /// The dialog.
  var frame: DialogFrame
  /// The line that is typed in.
  var query: Rect
  /// The entries.
  var rows: Rect

  /// The layout on a model's screen: its size depends on nothing that a listing changes, so that nothing jumps.
  init(_ model: Model) {
    let margin = model.width >= 60 ? 6 : 2
    frame = DialogFrame(
      model, height: min(Self.most.height, max(3, model.height - 7)), width: min(Self.most.width, model.width - margin))
    let inner = frame.inner
    query = Rect(row: inner.row, column: inner.column, height: min(1, inner.height), width: inner.width)
    rows = Rect(
      row: inner.row + 1, column: inner.column, height: max(0, inner.height - 1), width: inner.width)
  }

  /// The first entry that is shown, so that the chosen one is in sight.
  static func top(_ chosen: Int, of count: Int, height: Int) -> Int {
    min(max(0, chosen - height / 2), max(0, count - height))
  }
}
