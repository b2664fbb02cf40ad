import Cells

extension Painter {
  /// The drain lane of the selected execution.
  mutating func paintLane() {
    guard let area = layout.lane, let row = model.selected else { return }
    let lane = DrainLane(row, now: model.now, isUTF8: model.isUTF8)
    write(
      lane.parts(width: area.width).map { ($0.text, $0.role) }, row: area.row, column: area.column, within: area)
  }
}
