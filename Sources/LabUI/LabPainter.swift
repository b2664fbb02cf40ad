import Cells
import RaceLab
import Widgets

/// Draws one screen of the lab; each part of the screen is an extension.
struct LabPainter: Painting {
  /// The screen drawn so far.
  var grid: Grid
  /// The lab to draw.
  let lab: LabModel
  /// What is drawn on.
  let display: Display

  /// Creates a blank screen.
  init(_ lab: LabModel) {
    self.lab = lab
    display = lab.display
    grid = Grid(height: display.height, width: display.width, style: display.style(.text))
  }
}

extension LabPainter {
  /// Draws everything.
  mutating func paint() {
    let layout = LabLayout(lab)
    guard !layout.isTooSmall else { return paintTooSmall("the race lab", LabLayout.smallest) }
    switch lab.page {
    case .stepping: paintStepping(lab, layout)
    case .holding: paint(lab.hold)
    }
    paintStatus(layout)
    lab.dialog?.content.paint(on: &self)
  }

  private mutating func paintStepping(_ lab: LabModel, _ layout: LabLayout) {
    paintHeader(lab, layout)
    paintSources(lab, layout)
    for (index, place) in layout.halves.enumerated() where lab.session.kinds.indices.contains(index) {
      paintHalf(index, lab, in: place)
    }
    paintTimeline(lab, layout)
    paintCard(lab, layout)
  }

  private mutating func paintHeader(_ lab: LabModel, _ layout: LabLayout) {
    let area = layout.header
    grid.fill(area, style: style(.statusbar))
    let session = lab.session
    let steps = "step \(session.taken.count) of \(session.scenario.stepCount) "
    let end = area.right - steps.count
    writeRight(steps, .statusbar, on: .statusbar, row: area.row, end: area.right, within: area)
    let room = Rect(row: area.row, column: 0, height: 1, width: max(0, end - 1))
    let (title, label) = (" race lab", "   schedule ")
    // Truncated with a mark: without it the text would be copied as if it were complete.
    let text = LabText.tail(
      session.schedule.text, width: room.width - title.count - label.count, isUTF8: display.isUTF8)
    write(
      [(title, .titleFocus), (label, .dim), (text, .statusbar)], on: .statusbar, row: area.row, column: area.column,
      within: room)
  }

  private mutating func paintStatus(_ layout: LabLayout) {
    grid.fill(layout.status, style: style(.statusbar))
    let area = layout.status
    guard let notice = lab.notice else { return paint(lab.hints, in: area, from: area.column) }
    let role: Role = notice.isError ? .error : .info
    grid.write(" \(notice.text)", row: area.row, column: area.column, style: style(role, on: .statusbar), within: area)
  }
}
