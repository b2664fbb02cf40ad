import Cells

/// Where the list of what there is to attach to stands: the middle of the screen, as much of it as is useful.
struct PickerLayout: Hashable, Sendable {
  /// More rows and columns than these are never needed, and fewer rows look like a mistake.
  private static let most = (height: 30, width: 140)
  private static let fewest = 6

  /// The dialog.
  var frame: DialogFrame
  /// The line that is typed in.
  var query: Rect
  /// The entries.
  var rows: Rect

  /// The layout on a model's screen: as high as everything that was listed needs, from a top that never moves.
  init(_ model: Model, _ picker: Picker) {
    let margin = model.width >= 60 ? 6 : 2
    let most = min(Self.most.height, max(3, model.height - 7))
    frame = DialogFrame(model, height: most, width: min(Self.most.width, model.width - margin))
    let wanted = max(Self.fewest, picker.entries?.count ?? 0) + 3
    frame.outer.height = min(frame.outer.height, wanted)
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
