import Cells
import RaceLab

extension LabModel {
  /// Performs a command while no dialog is open.
  mutating func perform(_ command: Command) -> LabAnswer {
    if page == .holding { return performHolding(command) }
    let answer = performStep(command)
    if tour != nil { chooseForTour() }
    return answer
  }

  private mutating func performStep(_ command: Command) -> LabAnswer {
    switch command {
    case .up where tour != nil, .down where tour != nil, .select where tour != nil:
      return .say("the tour chooses the source: Enter goes on, Esc leaves the tour")
    case .up: choose(selection - 1)
    case .down: choose(selection + 1)
    case .select(let number): return select(number)
    case .takeStep: return stepChosen()
    case .stepBack: return stepBack()
    case .stepForward: return stepForward()
    case .restartSteps: restart()
    case .randomStep: return stepRandomly()
    case .runToEnd: runToEnd()
    case .nextLoss: return findLoss()
    case .leftDispatcher(let amount): changeDispatcher(half: 0, by: amount)
    case .rightDispatcher(let amount): changeDispatcher(half: 1, by: amount)
    default: return performOther(command)
    }
    return .nothing
  }

  private mutating func performOther(_ command: Command) -> LabAnswer {
    switch command {
    case .scenario: dialog = .scenario(ScenarioMenu(session.scenario))
    case .typeSchedule: dialog = .schedule(SchedulePrompt())
    case .copySchedule: return .copy(session.schedule.text)
    case .help: dialog = .help(top: 0)
    case .tour: beginTour()
    case .tourNext: return continueTour()
    case .endTour: return leaveTour()
    case .otherPage: showHolding()
    case .quit: return .leave
    case .suspend: return .effect(.suspend)
    case .redraw: return .effect(.redraw)
    default: break
    }
    return .nothing
  }

  private mutating func select(_ number: Int) -> LabAnswer {
    guard sources.indices.contains(number - 1) else { return .say("there is no source \(number)") }
    choose(number - 1)
    return .nothing
  }

  /// Parses a schedule's text: shows the schedule, or the prompt with the error.
  mutating func read(_ text: String) -> LabAnswer {
    do throws(ScheduleError) {
      show(try Schedule(text: text.trimmed))
      dialog = nil
      return .nothing
    } catch {
      var prompt = SchedulePrompt()
      prompt.editor.insert(text.trimmed)
      prompt.problem = error
      dialog = .schedule(prompt)
      return .nothing
    }
  }
}

extension String {
  /// The text without surrounding white space, which a paste often has.
  fileprivate var trimmed: String {
    let start = drop(while: \.isWhitespace)
    let end = start.lastIndex { !$0.isWhitespace }
    return end.map { String(start[...$0]) } ?? ""
  }
}

extension LabModel {
  /// Handles a mouse event: a press selects a source, or steps the selected one; the wheel moves
  /// the selection.
  mutating func mouse(
    _ action: Key.MouseAction, row: Int, column: Int, _ layout: LabLayout, _ model: Model
  ) -> LabAnswer {
    if let dialog { return mouse(action, in: dialog, model) }
    if page == .holding { return pressHolding(action, row, column, model) }
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
      // Only the title reacts to presses: the text below it is for reading.
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
    case .schedule, .command: break
    }
    return .nothing
  }
}
