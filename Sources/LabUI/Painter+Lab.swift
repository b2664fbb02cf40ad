import Cells
import ExecModel
import RaceLab

extension Model {
  /// Opens the race lab in front of everything; executions go on behind it.
  public mutating func open(_ lab: LabModel) {
    self.lab = lab
    needsDisplay = true
  }

  /// Opens the race lab on its hold page; starts the command, or prompts for one if it is empty.
  public mutating func openHolding(_ lab: LabModel, command: [String]) -> [Effect] {
    var lab = lab
    lab.page = .holding
    lab.adoptLeft()
    if command.isEmpty { lab.askForCommand() } else { lab.hold.command = CommandWords.joined(command) }
    open(lab)
    return command.isEmpty ? [] : [.hold(.start(command))]
  }

  /// Handles a key, a mouse event or a paste for the lab.
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
      let ending: [Effect] = lab.hold.snapshot == nil ? [] : [.hold(.end)]
      if lab.isAlone { return ending + [.quit] }
      self.lab = nil
      return ending
    }
    return []
  }
}

extension Painter {
  /// Draws the race lab instead of the monitor.
  mutating func paint(_ lab: LabModel) {
    let layout = LabLayout(model, lab)
    guard !layout.isTooSmall else { return paintTooSmall("the race lab", LabLayout.smallest) }
    switch lab.page {
    case .stepping: paintStepping(lab, layout)
    case .holding: paint(lab.hold)
    }
    paintLabStatus(lab, layout)
    paintDialog(of: lab)
  }

  private mutating func paintStepping(_ lab: LabModel, _ layout: LabLayout) {
    paintLabHeader(lab, layout)
    paintSources(lab, layout)
    for (index, place) in layout.halves.enumerated() where lab.session.kinds.indices.contains(index) {
      paintHalf(index, lab, in: place)
    }
    paintTimeline(lab, layout)
    paintCard(lab, layout)
  }

  private mutating func paintLabHeader(_ lab: LabModel, _ layout: LabLayout) {
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
      session.schedule.text, width: room.width - title.count - label.count, isUTF8: model.isUTF8)
    write(
      [(title, .titleFocus), (label, .dim), (text, .statusbar)], on: .statusbar, row: area.row, column: area.column,
      within: room)
  }

  private mutating func paintLabStatus(_ lab: LabModel, _ layout: LabLayout) {
    grid.fill(layout.status, style: style(.statusbar))
    let area = layout.status
    guard let notice = model.notice else { return paintHints(lab.scope, from: area.column) }
    let role: Role = notice.isError ? .error : .info
    grid.write(" \(notice.text)", row: area.row, column: area.column, style: style(role, on: .statusbar), within: area)
  }
}

extension Painter {
  /// Draws the dialog in front of the lab.
  mutating func paintDialog(of lab: LabModel) {
    switch lab.dialog {
    case .help(let top): paintLabHelp(top)
    case .scenario(let menu): paint(menu)
    case .schedule(let prompt): paint(prompt)
    case .command(let prompt): paint(prompt)
    case nil: break
    }
  }

  private mutating func paintLabHelp(_ top: Int) {
    let frame = LabHelp.frame(model)
    paintBox(frame, "the race lab")
    let inner = frame.inner
    let lines = LabHelp.lines(model, width: inner.width)
    let first = min(top, max(0, lines.count - inner.height))
    for (offset, line) in lines.dropFirst(first).prefix(inner.height).enumerated() {
      write(line, on: .dialog, row: inner.row + offset, column: inner.column, within: inner)
    }
  }

  private mutating func paint(_ menu: ScenarioMenu) {
    let fields = ScenarioField.allCases
    let frame = DialogFrame(model, height: fields.count + 2, width: 56)
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

  private mutating func paint(_ prompt: SchedulePrompt) {
    let frame = DialogFrame(model, height: 3, width: 72)
    paintBox(frame, "a schedule, such as o1e1:xoOeE")
    let inner = frame.inner
    grid.write("> ", row: inner.row, column: inner.column + 1, style: style(.helpKey, on: .dialog), within: inner)
    let room = Rect(row: inner.row, column: inner.column + 3, height: 1, width: inner.width - 4)
    paint(prompt.editor, in: room, style(.dialog))
    guard let problem = prompt.problem else {
      let words = "o e chunks, O E ends, x exit, w l waiters, g G grandchild, d f"
      return _ = grid.write(
        words, row: inner.row + 2, column: inner.column + 1, style: style(.dim, on: .dialog), within: inner)
    }
    let hidden = max(0, TextWidth.columns(of: prompt.editor.textBeforeCursor) - room.width + 1)
    grid.write(
      "^", row: inner.row + 1, column: room.column + problem.column - 1 - hidden, style: style(.error, on: .dialog),
      within: room.below)
    grid.write(
      problem.description, row: inner.row + 2, column: inner.column + 1, style: style(.error, on: .dialog),
      within: inner)
  }
}

extension Rect {
  /// The same columns, one row below.
  fileprivate var below: Rect { Rect(row: row + 1, column: column, height: height, width: width) }
}
