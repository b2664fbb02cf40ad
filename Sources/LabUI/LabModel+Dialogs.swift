import Cells
public import RaceLab

/// The dialog in front of the lab; it takes the keys.
public enum LabDialog: Hashable, Sendable {
  /// The help page, scrolled to a line.
  case help(top: Int)
  /// The scenario menu.
  case scenario(ScenarioMenu)
  /// The prompt for a schedule's text.
  case schedule(SchedulePrompt)
  /// The prompt for the command to hold.
  case command(HoldPrompt)

  /// The scope whose key bindings apply.
  var scope: Scope {
    switch self {
    case .help: .help
    case .scenario: .labScenario
    case .schedule: .editor
    case .command: .labCommand
    }
  }
}

/// The prompt for a schedule's text, with the last error.
public struct SchedulePrompt: Hashable, Sendable {
  /// The text being edited.
  public var editor = LineEditor()
  /// Why it cannot be parsed, and where.
  public var problem: ScheduleError?

  /// Creates an empty prompt.
  public init() {}
}

/// The menu that changes the scenario: a number or a switch in each line.
public struct ScenarioMenu: Hashable, Sendable {
  /// The schedules of scenarios with up to this many positions are counted while the menu is open.
  private static let countable = 20_000

  /// The selected scenario.
  public private(set) var scenario: Scenario
  /// The line that left and right change.
  public private(set) var index = 0

  /// Creates a menu that shows a scenario.
  public init(_ scenario: Scenario) { self.scenario = scenario }

  var field: ScenarioField { ScenarioField.allCases[index] }

  /// Moves by a number of lines, stopping at the ends.
  mutating func move(by count: Int) { index = min(max(0, index &+ count), ScenarioField.allCases.count - 1) }

  /// Changes the line's number by one, or toggles its switch; numbers stop at their bounds.
  mutating func change(by amount: Int) {
    let old = scenario
    let chosen = field
    let isChosen = { (field: ScenarioField) in field == chosen }
    let number = { (field: ScenarioField, value: Int, most: Int) in
      isChosen(field) ? min(max(0, value + amount), most) : value
    }
    let changed = try? Scenario(
      stdout: number(.stdout, old.stdout, Scenario.mostChunks),
      stderr: number(.stderr, old.stderr, Scenario.mostChunks),
      waiters: number(.waiters, old.waiters, Scenario.mostWaiters),
      lateWaiter: old.hasLateWaiter != isChosen(.lateWaiter), grandchild: old.hasGrandchild != isChosen(.grandchild),
      deadline: old.hasDeadline != isChosen(.deadline), forceClose: old.hasForceClose != isChosen(.forceClose))
    scenario = changed ?? old
  }

  /// A line's displayed value.
  func value(of field: ScenarioField) -> String {
    switch field {
    case .stdout: String(scenario.stdout)
    case .stderr: String(scenario.stderr)
    case .waiters: String(scenario.waiters)
    case .lateWaiter: scenario.hasLateWaiter ? "yes" : "no"
    case .grandchild: scenario.hasGrandchild ? "yes" : "no"
    case .deadline: scenario.hasDeadline ? "yes" : "no"
    case .forceClose: scenario.hasForceClose ? "yes" : "no"
    }
  }

  /// The number of the scenario's schedules as text; a large number is not computed between two
  /// keys.
  var size: String {
    let positions = Source.allCases.reduce(1) { $0 * (scenario.length($1) + 1) }
    guard positions <= Self.countable else { return "too many schedules to try" }
    let count = scenario.scheduleCount
    return "\(count <= UInt128(UInt64.max) ? NumberText.grouped(UInt64(count)) : String(count)) schedules"
  }
}

extension LabModel {
  /// Handles a key while a dialog is open.
  mutating func take(_ key: Key, _ command: Command?, in dialog: LabDialog, _ model: Model) -> LabAnswer {
    if command == .cancel {
      self.dialog = nil
      return .nothing
    }
    switch dialog {
    case .help(let top): scrollHelp(command, top, model)
    case .scenario(let menu): change(menu, command)
    case .schedule(let prompt): return edit(prompt, command, key)
    case .command(let prompt): return edit(prompt, command, key)
    }
    return .nothing
  }

  private mutating func scrollHelp(_ command: Command?, _ top: Int, _ model: Model) {
    let frame = LabHelp.frame(model)
    let page = max(1, frame.inner.height)
    let last = max(0, LabHelp.lines(model, width: frame.inner.width).count - page)
    switch command {
    case .up: dialog = .help(top: max(0, top - 1))
    case .down: dialog = .help(top: min(last, top + 1))
    case .pageUp: dialog = .help(top: max(0, top - page))
    case .pageDown: dialog = .help(top: min(last, top + page))
    case .top: dialog = .help(top: 0)
    case .bottom: dialog = .help(top: last)
    default: break
    }
  }

  private mutating func change(_ menu: ScenarioMenu, _ command: Command?) {
    var menu = menu
    switch command {
    case .choiceUp: menu.move(by: -1)
    case .choiceDown: menu.move(by: 1)
    case .choiceLess: menu.change(by: -1)
    case .choiceMore: menu.change(by: 1)
    case .accept:
      dialog = nil
      if menu.scenario != session.scenario { begin(menu.scenario) }
      return
    default: break
    }
    dialog = .scenario(menu)
  }

  private mutating func edit(_ prompt: SchedulePrompt, _ command: Command?, _ key: Key) -> LabAnswer {
    var prompt = prompt
    if command == .accept { return read(prompt.editor.text) }
    if let command {
      if prompt.editor.perform(command, history: [session.schedule.text]) { prompt.problem = nil }
    } else if case .character(let character) = key {
      prompt.editor.insert(String(character))
      prompt.problem = nil
    }
    dialog = .schedule(prompt)
    return .nothing
  }

  /// Inserts a paste into the open prompt; without one it is read as a schedule at once.
  mutating func paste(_ text: String) -> LabAnswer {
    guard let dialog else {
      return page == .stepping ? read(text) : .say("a paste does nothing here")
    }
    switch dialog {
    case .help, .scenario: return .say("a paste does nothing here")
    case .schedule(var prompt):
      prompt.editor.insert(text)
      prompt.problem = nil
      self.dialog = .schedule(prompt)
      return .nothing
    case .command(var prompt):
      prompt.editor.insert(text)
      prompt.problem = nil
      self.dialog = .command(prompt)
      return .nothing
    }
  }
}
