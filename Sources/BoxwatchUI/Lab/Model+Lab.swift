import Cells

extension Model {
  /// Opens the race lab in front of everything; executions go on behind it.
  public mutating func open(_ lab: LabModel) {
    self.lab = lab
    needsDisplay = true
  }

  /// Takes a key, a mouse event or a paste for the lab.
  mutating func takeInLab(_ key: Key) -> [Effect] {
    guard var lab else { return [] }
    let answer: LabAnswer
    switch key {
    case .mouse(let action, let row, let column):
      answer = lab.mouse(action, row: row, column: column, LabLayout(self, lab), self)
    case .paste(let text):
      notice = nil
      answer = lab.paste(text)
    case .character, .control, .alt, .named:
      notice = nil
      answer = take(key, &lab)
    }
    self.lab = lab
    return perform(answer, lab)
  }

  private mutating func take(_ key: Key, _ lab: inout LabModel) -> LabAnswer {
    let command = keymap.command(for: key, in: lab.scope)
    if let dialog = lab.dialog { return lab.take(key, command, in: dialog, self) }
    guard let command else {
      return .say("\(key.label) does nothing here; \(keymap.label(of: .help, in: .lab)) explains the lab")
    }
    return lab.perform(command)
  }

  private mutating func perform(_ answer: LabAnswer, _ lab: LabModel) -> [Effect] {
    switch answer {
    case .nothing: return []
    case .effect(let effect): return [effect]
    case .say(let text, let isError): say(text, isError: isError)
    case .copy(let text):
      say("\(text)  copied, where the terminal lets programs copy; else select it here")
      return [.copy(text)]
    case .leave:
      if lab.isAlone { return [.quit(killing: false)] }
      self.lab = nil
    }
    return []
  }
}
