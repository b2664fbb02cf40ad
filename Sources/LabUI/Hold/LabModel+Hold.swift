import Cells
import ExecModel
import RaceLab

extension LabModel {
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
  mutating func performHolding(_ command: Command) -> LabAnswer {
    switch command {
    case .toggleGate(let gate): return toggle(gate)
    case .releaseGates: return hold.snapshot == nil ? noCommand : .effect(.hold(.releaseAll))
    case .restartHeld: return start(hold.command)
    case .typeCommand: askForCommand()
    case .leftDispatcher(let amount): hold.changeLeft(by: amount)
    case .otherPage: page = .stepping
    case .help: dialog = .help(top: 0)
    case .quit: return .leave
    case .suspend: return .effect(.suspend)
    case .redraw: return .effect(.redraw)
    default: break
    }
    return .nothing
  }

  private func toggle(_ gate: HeldGate) -> LabAnswer {
    guard let snapshot = hold.snapshot else { return noCommand }
    guard snapshot.isSpent(gate) else { return .effect(.hold(.toggle(gate))) }
    return .say("\(gate.name) was passed on: there is nothing left to hold, r starts again")
  }

  private var noCommand: LabAnswer { .say("there is no command yet: n starts one") }

  /// Starts a command line, or shows the prompt with the problem.
  private mutating func start(_ text: String) -> LabAnswer {
    do throws(CommandWords.Problem) {
      guard let request = try hold.start(text) else {
        refuse(text, "type a command and its arguments")
        return .nothing
      }
      dialog = nil
      return .effect(.hold(request))
    } catch {
      refuse(text, error.description)
      return .nothing
    }
  }

  private mutating func refuse(_ text: String, _ reason: String) {
    var prompt = HoldPrompt(text)
    prompt.problem = reason
    dialog = .command(prompt)
  }

  /// Handles a key in the prompt.
  mutating func edit(_ prompt: HoldPrompt, _ command: Command?, _ key: Key) -> LabAnswer {
    var prompt = prompt
    switch command {
    case .accept: return start(prompt.editor.text)
    case .nextPreset: prompt.nextPreset()
    case .some(let command):
      if prompt.editor.perform(command, history: HoldModel.presets.reversed()) { prompt.problem = nil }
    case nil:
      guard case .character(let character) = key else { break }
      prompt.editor.insert(String(character))
      prompt.problem = nil
    }
    dialog = .command(prompt)
    return .nothing
  }

  /// A press on a gate's line toggles it; one on the left half's title changes the dispatcher.
  mutating func pressHolding(_ action: Key.MouseAction, _ row: Int, _ column: Int, _ model: Model) -> LabAnswer {
    guard action == .press || action == .doublePress else { return .nothing }
    let layout = HoldLayout(height: model.height, width: model.width)
    let gates = layout.gates.inset(by: 1)
    for (index, gate) in HeldGate.allCases.enumerated() where gates.contains(row: row, column: column) {
      if row == gates.row + index { return performHolding(.toggleGate(gate)) }
    }
    let left = layout.halves[0]
    if row == left.row, left.contains(row: row, column: column) { hold.changeLeft(by: 1) }
    return .nothing
  }
}
