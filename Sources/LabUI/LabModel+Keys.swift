import Cells
import RaceLab
import Widgets

extension LabModel {
  /// Handles a key, a mouse event or a paste: in the dialog if one is open, otherwise on the page.
  mutating func take(_ key: Key) -> [LabEffect] {
    switch key {
    case .mouse(let action, let row, let column): return take(MouseEvent(action, row: row, column: column))
    case .paste(let text):
      notice = nil
      return paste(text)
    case .character, .control, .alt, .named: notice = nil
    }
    if let dialog { return route(to: dialog) { $0.handle(key, in: &$1) } }
    guard let effects = perform(key) else {
      say("\(key.label) does nothing here; \(keymap.step.label(of: .help)) explains the lab")
      return []
    }
    if page == .stepping, tour != nil { chooseForTour() }
    return effects
  }

  /// Performs the command of a key on the current page; nil when it has none.
  private mutating func perform(_ key: Key) -> [LabEffect]? {
    switch page {
    case .holding: keymap.hold.command(for: key).map { perform($0) }
    case .stepping where tour != nil: keymap.tour.command(for: key).map { perform($0) }
    case .stepping: keymap.step.command(for: key).map { perform($0) }
    }
  }

  /// Hands a paste to the open dialog; without one it is read as a schedule at once.
  private mutating func paste(_ text: String) -> [LabEffect] {
    if let dialog { return route(to: dialog) { $0.paste(text, in: &$1) } }
    guard page == .stepping else {
      refusePaste()
      return []
    }
    return read(text)
  }

  /// Parses a schedule's text: shows the schedule, or the prompt with the error.
  mutating func read(_ text: String) -> [LabEffect] {
    var prompt = SchedulePrompt()
    if case .stay = prompt.read(text, in: &self) { dialog = .schedule(prompt) }
    return []
  }

  private mutating func perform(_ command: TourCommand) -> [LabEffect] {
    switch command {
    case .goOn: continueTour()
    case .leaveTour: leaveTour()
    case .step(.up), .step(.down), .step(.select):
      say("the tour chooses the source: Enter goes on, Esc leaves the tour")
    case .step(let command): return perform(command)
    }
    return []
  }

  private mutating func perform(_ command: StepCommand) -> [LabEffect] {
    switch command {
    case .takeStep: stepChosen()
    case .up: choose(selection - 1)
    case .down: choose(selection + 1)
    case .select(let number): select(number)
    case .stepBack: stepBack()
    case .stepForward: stepForward()
    case .restart: restart()
    case .randomStep: stepRandomly()
    case .runToEnd: runToEnd()
    case .nextLoss: findLoss()
    case .leftDispatcher(let amount): changeDispatcher(half: 0, by: amount)
    case .rightDispatcher(let amount): changeDispatcher(half: 1, by: amount)
    case .scenario: dialog = .scenario(ScenarioMenu(session.scenario))
    case .typeSchedule: dialog = .schedule(SchedulePrompt())
    case .copySchedule: return copySchedule()
    case .tour: beginTour()
    case .help: dialog = .help(LabHelp())
    case .otherPage: showHolding()
    case .leave: return leave()
    case .suspend: return [.suspend]
    case .redraw: return [.redraw]
    }
    return []
  }

  private mutating func copySchedule() -> [LabEffect] {
    let text = session.schedule.text
    say("\(text)  copied, where the terminal lets programs copy; else select it here")
    return [.copy(text)]
  }

  /// Ends the held command, which may have been requested and not reported yet, and closes the lab.
  func leave() -> [LabEffect] { [.hold(.end), .leave] }

  private mutating func select(_ number: Int) {
    guard sources.indices.contains(number - 1) else { return say("there is no source \(number)") }
    choose(number - 1)
  }
}

// MARK: - The mouse

extension LabModel {
  /// Handles a mouse event: a press selects a source, or steps the selected one; the wheel moves
  /// the selection.
  private mutating func take(_ event: MouseEvent) -> [LabEffect] {
    if let dialog { return route(to: dialog) { $0.handle(event, in: &$1) } }
    if page == .holding { return pressHolding(event) }
    switch event.action {
    case .wheelUp: choose(selection - 1)
    case .wheelDown: choose(selection + 1)
    case .release: break
    case .press, .doublePress: press(event)
    }
    return []
  }

  private mutating func press(_ event: MouseEvent) {
    let layout = LabLayout(self)
    if let index = layout.rows.first(where: { event.isIn($0.place) })?.index {
      return index == selection ? stepChosen() : choose(index)
    }
    for (half, place) in layout.halves.enumerated() where event.isIn(place) {
      // Only the title reacts to presses: the text below it is for reading.
      if event.row == place.row { changeDispatcher(half: half, by: 1) }
    }
  }
}
