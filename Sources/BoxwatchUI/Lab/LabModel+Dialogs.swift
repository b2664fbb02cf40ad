import Cells
import RaceLab

extension LabModel {
  /// Takes a key while a dialog is open.
  mutating func take(_ key: Key, _ command: Command?, in dialog: LabDialog, _ model: Model) -> LabAnswer {
    if command == .cancel {
      self.dialog = nil
      return .nothing
    }
    switch dialog {
    case .help(let top): scrollHelp(command, top, model)
    case .scenario(let menu): change(menu, command)
    case .schedule(let prompt): return edit(prompt, command, key)
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

  /// Types a pasted text into the open prompt; with none open it is taken as a schedule at once.
  mutating func paste(_ text: String) -> LabAnswer {
    guard let dialog else { return read(text) }
    switch dialog {
    case .help, .scenario: return .say("nothing takes a paste here")
    case .schedule(var prompt):
      prompt.editor.insert(text)
      prompt.problem = nil
      self.dialog = .schedule(prompt)
      return .nothing
    }
  }
}
