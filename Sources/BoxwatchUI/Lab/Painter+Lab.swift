import Cells
import RaceLab

extension Painter {
  /// Draws the race lab instead of the monitor.
  mutating func paint(_ lab: LabModel) {
    let layout = LabLayout(model, lab)
    guard !layout.isTooSmall else { return paintTooSmall("the race lab", LabLayout.smallest) }
    switch lab.page {
    case .stepping: paintStepping(lab, layout)
    case .holding: paint(lab.hold)
    }
    paintLabStatus(lab, layout)
    paintDialog(of: lab)
  }

  private mutating func paintStepping(_ lab: LabModel, _ layout: LabLayout) {
    paintLabHeader(lab, layout)
    paintSources(lab, layout)
    for (index, place) in layout.halves.enumerated() where lab.session.kinds.indices.contains(index) {
      paintHalf(index, lab, in: place)
    }
    paintTimeline(lab, layout)
    paintCard(lab, layout)
  }

  private mutating func paintLabHeader(_ lab: LabModel, _ layout: LabLayout) {
    let area = layout.header
    grid.fill(area, style: style(.statusbar))
    let session = lab.session
    let steps = "step \(session.taken.count) of \(session.scenario.stepCount) "
    let end = area.right - steps.count
    writeRight(steps, .statusbar, on: .statusbar, row: area.row, end: area.right, within: area)
    let room = Rect(row: area.row, column: 0, height: 1, width: max(0, end - 1))
    let (title, label) = (" race lab", "   schedule ")
    // Cut with a mark: a text that looks whole would be copied as one.
    let text = LabText.tail(
      session.schedule.text, width: room.width - title.count - label.count, isUTF8: model.isUTF8)
    write(
      [(title, .titleFocus), (label, .dim), (text, .statusbar)], on: .statusbar, row: area.row, column: area.column,
      within: room)
  }

  private mutating func paintLabStatus(_ lab: LabModel, _ layout: LabLayout) {
    grid.fill(layout.status, style: style(.statusbar))
    let area = layout.status
    guard let notice = model.notice else { return paintHints(lab.scope, from: area.column) }
    let role: Role = notice.isError ? .error : .info
    grid.write(" \(notice.text)", row: area.row, column: area.column, style: style(role, on: .statusbar), within: area)
  }
}
