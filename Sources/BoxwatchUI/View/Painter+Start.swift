import Cells

extension Painter {
  /// Draws the start prompt: the command line, the sandbox options, the switches and messages.
  mutating func paint(_ prompt: StartPrompt) {
    let frame = DialogFrame(startPromptOf: model)
    paintBox(frame, "start a command")
    let inner = frame.inner
    guard inner.height > 0, inner.width > 2 else { return }
    let choice = model.choice(prompt.box)
    // The focused line is drawn last, so that the cursor stays in it.
    if prompt.isInOptions { paintLine(prompt.editor, "$ ", row: inner.row, inner) }
    if inner.height > 1 { paintOptions(prompt, choice, row: inner.row + 1, inner) }
    if !prompt.isInOptions { paintLine(prompt.editor, "$ ", row: inner.row, inner) }
    guard inner.height > 2 else { return }
    paintSwitches(prompt, choice, row: inner.row + 2, inner)
    guard inner.height > 3 else { return }
    paintWords(
      prompt.problem ?? choice?.summary ?? "", prompt.problem == nil ? .dim : .error,
      Rect(row: inner.row + 3, column: inner.column, height: inner.height - 3, width: inner.width))
  }

  private mutating func paintLine(_ editor: LineEditor, _ mark: String, row: Int, _ inner: Rect) {
    let column = inner.column + 1
    grid.write(mark, row: row, column: column, style: style(.helpKey, on: .dialog), within: inner)
    let room = Rect(row: row, column: column + mark.count, height: 1, width: inner.width - 2 - mark.count)
    paint(editor, in: room, style(.dialog))
  }

  /// Draws the options line: grey while it is empty, and when the box takes no options.
  private mutating func paintOptions(_ prompt: StartPrompt, _ choice: BoxChoice?, row: Int, _ inner: Rect) {
    let takes = choice?.takesOptions == true
    if takes, prompt.isInOptions || !prompt.options.isEmpty {
      return paintLine(prompt.options, "options ", row: row, inner)
    }
    let words =
      takes ? "options --bind HOST:BOX --ro-bind --net --memory 1G --cpus 2 --pids 99" : "options: none in this box"
    grid.write(words, row: row, column: inner.column + 1, style: style(.dim, on: .dialog), within: inner)
  }

  private mutating func paintSwitches(_ prompt: StartPrompt, _ choice: BoxChoice?, row: Int, _ inner: Rect) {
    let switches: [(command: Command, words: String, can: Bool)] = [
      (.nextBox, "box \(prompt.box.isEmpty ? "default" : prompt.box)", true), (.listBoxes, "all", true),
      (.toggleTerminal, prompt.wantsTerminal ? "terminal" : "pipes", choice?.can(.terminal) ?? true),
      (.toggleInput, prompt.wantsInput ? "stdin open" : "stdin closed", choice?.can(.input) ?? true),
      (.editOptions, prompt.isInOptions ? "command" : "options", choice?.takesOptions == true),
    ]
    var column = inner.column + 1
    for entry in switches {
      let key = model.keymap.label(of: entry.command, in: .startPrompt)
      let roles: (key: Role, words: Role) = entry.can ? (.helpKey, .helpText) : (.dim, .dim)
      column += grid.write(key, row: row, column: column, style: style(roles.key, on: .dialog), within: inner)
      column += grid.write(
        " \(entry.words)   ", row: row, column: column, style: style(roles.words, on: .dialog), within: inner)
    }
  }

  private mutating func paintWords(_ text: String, _ role: Role, _ place: Rect) {
    for (line, words) in WordWrap.lines(text, width: max(1, place.width - 2)).prefix(place.height).enumerated() {
      grid.write(words, row: place.row + line, column: place.column + 1, style: style(role, on: .dialog), within: place)
    }
  }
}
