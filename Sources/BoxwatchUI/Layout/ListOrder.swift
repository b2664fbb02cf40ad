/// Which executions the list shows in which row: the newest first, the selected one always among them.
enum ListOrder {
  /// Indices of the rows to show, top to bottom, in a list of this height.
  static func visible(_ model: Model, height: Int) -> [Int] {
    let count = model.rows.count
    let height = min(max(0, height), count)
    let selected = count - 1 - model.selection
    let top = min(max(0, selected - height / 2), count - height)
    return (top..<top + height).map { count - 1 - $0 }
  }
}
