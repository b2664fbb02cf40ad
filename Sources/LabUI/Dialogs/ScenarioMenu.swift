import Cells
public import RaceLab
import Widgets

/// A line of the lab's scenario menu.
enum ScenarioField: CaseIterable, Hashable, Sendable {
  case stdout, stderr, waiters, lateWaiter, grandchild, deadline, forceClose

  /// The label in the menu.
  var label: String {
    switch self {
    case .stdout: "chunks of stdout"
    case .stderr: "chunks of stderr"
    case .waiters: "waiters"
    case .lateWaiter: "a late waiter"
    case .grandchild: "a grandchild holds stdout"
    case .deadline: "a deadline after the exit"
    case .forceClose: "a force close"
    }
  }
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

extension ScenarioMenu: LabDialogContent {
  var dialog: LabDialog { .scenario(self) }

  func hints(_ keymap: LabKeymap) -> [KeyHint] { keymap.scenario.hints() }

  mutating func handle(_ key: Key, in lab: inout LabModel) -> LabDialogStep {
    switch lab.keymap.scenario.command(for: key) {
    case .up: move(by: -1)
    case .down: move(by: 1)
    case .less: change(by: -1)
    case .more: change(by: 1)
    case .cancel: return .close()
    case .accept:
      if scenario != lab.session.scenario { lab.begin(scenario) }
      return .close()
    case nil: break
    }
    return .stay
  }

  mutating func handle(_ event: MouseEvent, in lab: inout LabModel) -> LabDialogStep {
    switch event.action {
    case .wheelUp: move(by: -1)
    case .wheelDown: move(by: 1)
    case .press, .doublePress, .release: break
    }
    return .stay
  }

  func paint(on painter: inout LabPainter) { painter.paint(self) }
}

extension LabPainter {
  fileprivate mutating func paint(_ menu: ScenarioMenu) {
    let fields = ScenarioField.allCases
    let frame = DialogFrame(display, height: fields.count + 2, width: 56)
    paintBox(frame, "what there is to happen")
    let inner = frame.inner
    for (index, field) in fields.enumerated() {
      let place = Rect(row: inner.row + index, column: inner.column, height: 1, width: inner.width)
      let look = index == menu.index ? style(.selection) : style(.dialog)
      grid.fill(place, style: look)
      let value = index == menu.index ? "< \(menu.value(of: field)) >" : "  \(menu.value(of: field))"
      grid.write(field.label, row: place.row, column: place.column + 1, style: look, within: place)
      grid.write(value, row: place.row, column: place.column + 30, style: look, within: place)
    }
    write(
      [("\(menu.scenario.text): \(menu.size)", .dim)], on: .dialog, row: inner.bottom - 1, column: inner.column + 1,
      within: inner)
  }
}
