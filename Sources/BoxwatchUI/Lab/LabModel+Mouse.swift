import Cells
import RaceLab

extension LabModel {
  /// Takes a mouse event: a press chooses a source, and lets the chosen one take its step; the wheel moves the choice.
  mutating func mouse(
    _ action: Key.MouseAction, row: Int, column: Int, _ layout: LabLayout, _ model: Model
  ) -> LabAnswer {
    if let dialog { return mouse(action, in: dialog, model) }
    switch action {
    case .wheelUp: choose(selection - 1)
    case .wheelDown: choose(selection + 1)
    case .release: break
    case .press, .doublePress: return press(row, column, layout)
    }
    return .nothing
  }

  private mutating func press(_ row: Int, _ column: Int, _ layout: LabLayout) -> LabAnswer {
    if let index = layout.rows.first(where: { $0.place.contains(row: row, column: column) })?.index {
      guard index == selection else {
        choose(index)
        return .nothing
      }
      return stepChosen()
    }
    for (half, place) in layout.halves.enumerated() where place.contains(row: row, column: column) {
      // The title is the handle: what is below it is to be read.
      if row == place.row { changeDispatcher(half: half, by: 1) }
    }
    return .nothing
  }

  private mutating func mouse(_ action: Key.MouseAction, in dialog: LabDialog, _ model: Model) -> LabAnswer {
    let command: Command? = action == .wheelUp ? .up : action == .wheelDown ? .down : nil
    switch dialog {
    case .help: return take(.named(.f12), command, in: dialog, model)
    case .scenario(var menu):
      menu.move(by: command == .up ? -1 : command == .down ? 1 : 0)
      self.dialog = .scenario(menu)
    case .schedule: break
    }
    return .nothing
  }
}
