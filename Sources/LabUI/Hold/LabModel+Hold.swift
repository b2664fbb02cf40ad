import Cells
import ExecModel
import RaceLab
import Widgets

extension LabModel {
  /// Opens the hold page; starts the command, or prompts for one if it is empty.
  public mutating func openHolding(_ command: [String]) -> [LabEffect] {
    page = .holding
    adoptLeft()
    if command.isEmpty {
      askForCommand()
      return []
    }
    hold.command = CommandWords.joined(command)
    return [.hold(.start(command))]
  }

  /// Shows the hold page; the first time it prompts for a command.
  mutating func showHolding() {
    page = .holding
    guard hold.snapshot == nil else { return }
    adoptLeft()
    askForCommand()
  }

  /// Selects the stepping page's left dispatcher here too, if it can be used with a real command.
  mutating func adoptLeft() {
    if let kind = session.kinds.first, HoldModel.choices.contains(kind) { hold.left = kind }
  }

  /// Opens the prompt with the last command line.
  mutating func askForCommand() { dialog = .command(HoldPrompt(hold.command)) }

  /// Shows in the prompt why a command did not start.
  mutating func refuseHold(_ reason: String) {
    var prompt = HoldPrompt(hold.command)
    prompt.problem = reason
    dialog = .command(prompt)
  }

  /// Performs a command on the hold page while no dialog is open.
  mutating func perform(_ command: HoldCommand) -> [LabEffect] {
    switch command {
    case .toggleGate(let gate): return toggle(gate)
    case .releaseGates: return hold.snapshot == nil ? refuseWithoutCommand() : [.hold(.releaseAll)]
    case .restart: return restartHeld()
    case .typeCommand: askForCommand()
    case .leftDispatcher(let amount): hold.changeLeft(by: amount)
    case .otherPage: page = .stepping
    case .help: dialog = .help(LabHelp())
    case .leave: return leave()
    case .suspend: return [.suspend]
    case .redraw: return [.redraw]
    }
    return []
  }

  /// Starts the last command again, or shows the prompt with the problem.
  private mutating func restartHeld() -> [LabEffect] {
    var prompt = HoldPrompt(hold.command)
    if case .close(let effects) = prompt.start(in: &self) { return effects }
    dialog = .command(prompt)
    return []
  }

  private mutating func toggle(_ gate: HeldGate) -> [LabEffect] {
    guard let snapshot = hold.snapshot else { return refuseWithoutCommand() }
    guard snapshot.isSpent(gate) else { return [.hold(.toggle(gate))] }
    say("\(gate.name) was passed on: there is nothing left to hold, r starts again")
    return []
  }

  private mutating func refuseWithoutCommand() -> [LabEffect] {
    say("there is no command yet: n starts one")
    return []
  }

  /// A press on a gate's line toggles it; one on the left half's title changes the dispatcher.
  mutating func pressHolding(_ event: MouseEvent) -> [LabEffect] {
    guard event.isPress else { return [] }
    let layout = HoldLayout(height: display.height, width: display.width)
    let gates = layout.gates.inset(by: 1)
    for (index, gate) in HeldGate.allCases.enumerated() where event.isIn(gates) {
      if event.row == gates.row + index { return toggle(gate) }
    }
    let left = layout.halves[0]
    if event.row == left.row, event.isIn(left) { hold.changeLeft(by: 1) }
    return []
  }
}
