import Cells

/// Where the list of boxes stands: the line that is typed in, the boxes, and what there is to say of the chosen one.
struct BoxPickerLayout: Hashable, Sendable {
  /// More rows and columns than these are never needed, and fewer rows look like a mistake.
  private static let most = (height: 30, width: 110)
  private static let fewest = 6
  /// Rows for what is said of the chosen box, and for the reasons of what it cannot do.
  private static let about = (short: 2, long: 6)

  /// The dialog.
  var frame: DialogFrame
  /// The line that is typed in.
  var query: Rect
  /// The boxes.
  var rows: Rect
  /// What there is to say of the chosen one.
  var about: Rect

  /// The layout on a model's screen.
  init(_ model: Model, _ picker: BoxPicker) {
    let wanted = max(Self.fewest, model.boxes.count) + 1
    let below = picker.explains ? Self.about.long : Self.about.short
    frame = DialogFrame(
      model, height: min(Self.most.height, max(3, model.height - 7), wanted + below),
      width: min(Self.most.width, model.width - (model.width >= 60 ? 6 : 2)))
    let inner = frame.inner
    let aboutHeight = min(below, max(0, inner.height - 4))
    query = Rect(row: inner.row, column: inner.column, height: min(1, inner.height), width: inner.width)
    rows = Rect(
      row: inner.row + 1, column: inner.column, height: max(0, inner.height - 1 - aboutHeight), width: inner.width)
    about = Rect(row: rows.bottom, column: inner.column, height: aboutHeight, width: inner.width)
  }
}
