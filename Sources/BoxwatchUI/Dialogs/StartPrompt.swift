import Cells
import ExecModel
public import Widgets

/// The prompt that starts a command: its line, its box, the box's options, and two switches.
public struct StartPrompt: Hashable, Sendable {
  /// The command line being edited.
  public var editor = LineEditor()
  /// Sandbox options as on a command line, such as `--net --memory 1G`.
  public var options = LineEditor()
  /// Whether the options line has the focus.
  public var isInOptions = false
  /// The box's name; empty for the default when the model has no boxes.
  public var box: String
  /// Whether the command gets a terminal.
  public var wantsTerminal = false
  /// Whether standard input stays open for `i`.
  public var wantsInput = false
  /// Why the last attempt was refused.
  public var problem: String?

  /// An empty prompt.
  public init(box: String = "") { self.box = box }
}

extension StartPrompt: DialogContent {
  var dialog: Dialog { .start(self) }

  func hints(_ keymap: Keymap) -> [KeyHint] { keymap.startPrompt.hints() }

  mutating func handle(_ key: Key, in model: inout Model, _ text: TextLookup) -> DialogStep {
    switch model.keymap.startPrompt.command(for: key) {
    case .line(.accept): return start(in: &model)
    case .line(.cancel): return .close()
    case .line(.edit(let command)): edit(model.histories) { $0.perform(command, history: $1) }
    case .listBoxes: return .replace(.boxes(BoxPicker(self)), [.listBoxes])
    case .nextBox: change(in: model) { $0.box = model.nextBox(after: $0.box) }
    case .editOptions: change(in: model) { $0.isInOptions.toggle() }
    case .toggleTerminal: change(in: model) { $0.wantsTerminal.toggle() }
    case .toggleInput: change(in: model) { $0.wantsInput.toggle() }
    case nil: if case .character(let character) = key { insert(String(character)) } else { fit(to: model) }
    }
    return .stay
  }

  mutating func paste(_ text: String, in model: inout Model) -> DialogStep {
    if isInOptions { options.insert(text) } else { editor.insert(text) }
    return .stay
  }

  private mutating func insert(_ text: String) {
    if isInOptions { options.insert(text) } else { editor.insert(text) }
    problem = nil
  }

  /// Edits the line that has the focus, with the history of its kind.
  private mutating func edit(_ histories: Histories, _ body: (inout LineEditor, [String]) -> Void) {
    if isInOptions { body(&options, histories.options) } else { body(&editor, histories.commands) }
    problem = nil
  }

  private mutating func change(in model: Model, _ body: (inout StartPrompt) -> Void) {
    body(&self)
    fit(to: model)
  }

  /// Clears the options that the selected box does not support, and says so.
  mutating func fit(to model: Model) {
    problem = nil
    if isInOptions, model.choice(box)?.takesOptions != true {
      isInOptions = false
      problem = "options such as --net are for a throw-away sandbox: choose bwrap"
    }
    guard let choice = model.choice(box) else { return }
    if wantsTerminal, let reason = choice.missing[.terminal] {
      wantsTerminal = false
      problem = "the box \(choice.name) has no terminals: \(reason)"
    }
    if wantsInput, let reason = choice.missing[.input] {
      wantsInput = false
      problem = "the box \(choice.name) takes no input: \(reason)"
    }
  }

  /// Requests the start and closes; stays open with the reason when the line cannot be used.
  private mutating func start(in model: inout Model) -> DialogStep {
    let (words, switches): ([String], [String])
    do {
      words = try CommandWords.split(editor.text)
      switches = model.choice(box)?.takesOptions == true ? try CommandWords.split(options.text) : []
    } catch {
      problem = error.description
      return .stay
    }
    guard !words.isEmpty else {
      problem = "type a command and its arguments"
      return .stay
    }
    Histories.add(editor.text, to: &model.histories.commands)
    if !switches.isEmpty { Histories.add(options.text, to: &model.histories.options) }
    model.awaitStart(of: self)
    let request = StartRequest(
      text: editor.text, command: words, box: box, options: switches,
      terminal: wantsTerminal ? model.freshTerminalSize : nil, wantsInput: wantsInput)
    return .close([.start(request)])
  }
}

extension StartPrompt {
  /// Draws the command line, the sandbox options, the switches and messages.
  func paint(on painter: inout Painter) {
    let frame = DialogFrame(painter.display, height: 5, width: 76)
    painter.paintBox(frame, "start a command")
    let inner = frame.inner
    guard inner.height > 0, inner.width > 2 else { return }
    painter.paint(self, inner)
  }
}

extension Painter {
  fileprivate mutating func paint(_ prompt: StartPrompt, _ inner: Rect) {
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
    let switches: [(command: StartPromptCommand, words: String, can: Bool)] = [
      (.nextBox, "box \(prompt.box.isEmpty ? "default" : prompt.box)", true), (.listBoxes, "all", true),
      (.toggleTerminal, prompt.wantsTerminal ? "terminal" : "pipes", choice?.can(.terminal) ?? true),
      (.toggleInput, prompt.wantsInput ? "stdin open" : "stdin closed", choice?.can(.input) ?? true),
      (.editOptions, prompt.isInOptions ? "command" : "options", choice?.takesOptions == true),
    ]
    var column = inner.column + 1
    for entry in switches {
      let key = model.keymap.startPrompt.label(of: entry.command)
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
