import Cells
public import ExecModel
public import Widgets

/// The line for an execution's standard input, in the status line.
public struct InputLine: Hashable, Sendable {
  /// The line.
  public var editor = LineEditor()
  /// The execution.
  public let id: ExecutionID

  /// Creates an empty line.
  init(_ id: ExecutionID) { self.id = id }
}

extension InputLine: DialogContent {
  var dialog: Dialog { .input(self) }
  var takesStatusLine: Bool { true }

  func hints(_ keymap: Keymap) -> [KeyHint] { keymap.inputLine.hints() }

  mutating func handle(_ key: Key, in model: inout Model, _ text: TextLookup) -> DialogStep {
    switch model.keymap.inputLine.command(for: key) {
    case .line(.accept): return send(in: &model)
    case .line(.cancel): return .close()
    case .line(.edit(let command)): editor.perform(command, history: model.histories.inputs)
    case .endOfInput: return endInput(in: &model)
    case nil: if case .character(let character) = key { editor.insert(String(character)) }
    }
    return .stay
  }

  /// Several lines wait for Enter, with visible line breaks.
  mutating func paste(_ text: String, in model: inout Model) -> DialogStep {
    editor.insert(text, keepsLines: true)
    if text.contains(where: \.isNewline) {
      model.say("the paste has several lines: Enter sends them all, Esc drops them")
    }
    return .stay
  }

  /// Sends the line and stays open for the next one.
  private mutating func send(in model: inout Model) -> DialogStep {
    if let step = refuse(in: &model) { return step }
    let line = editor.text
    Histories.add(line, to: &model.histories.inputs)
    model.change(id) { $0.pendingWrites += 1 }
    editor = LineEditor()
    return .perform([.write(id, Array((line + "\n").utf8))])
  }

  private func endInput(in model: inout Model) -> DialogStep {
    if let step = refuse(in: &model) { return step }
    let rest = editor.text
    model.change(id) { row in
      // A terminal's end of file is a character: more can be typed after it.
      row.isInputClosed = !row.hasTerminal
      row.pendingWrites += rest.isEmpty ? 0 : 1
    }
    model.say("end of input to execution \(model.row(id)?.number ?? 0)")
    return .close((rest.isEmpty ? [] : [.write(id, Array(rest.utf8))]) + [.closeInput(id)])
  }

  /// What to do instead of a write that is not possible; nil when it is.
  private func refuse(in model: inout Model) -> DialogStep? {
    guard let row = model.row(id) else { return .stay }
    guard let reason = model.inputRefusal(row) else { return nil }
    model.say(reason, isError: true)
    return .close()
  }

  func paint(on painter: inout Painter) {
    let row = painter.model.row(id)
    let pending = row.map(\.pendingWrites).flatMap { $0 > 0 ? " (\($0) waiting)" : nil } ?? ""
    painter.paintLine(editor, prompt: " stdin of \(row?.number ?? 0)\(pending)> ", hints(painter.model.keymap))
  }
}

/// The search line of a pane, in the status line.
public struct SearchLine: Hashable, Sendable {
  /// The line.
  public var editor = LineEditor()
  /// The pane's stream.
  public let stream: ExecStream

  /// Creates an empty line.
  init(_ stream: ExecStream) { self.stream = stream }
}

extension SearchLine: DialogContent {
  var dialog: Dialog { .search(self) }
  var takesStatusLine: Bool { true }

  func hints(_ keymap: Keymap) -> [KeyHint] { keymap.line.hints() }

  mutating func handle(_ key: Key, in model: inout Model, _ text: TextLookup) -> DialogStep {
    switch model.keymap.line.command(for: key) {
    case .accept: return .close(model.beginSearch(editor.text, stream, text))
    case .cancel: return .close()
    case .edit(let command): editor.perform(command, history: model.histories.searches)
    case nil: if case .character(let character) = key { editor.insert(String(character)) }
    }
    return .stay
  }

  mutating func paste(_ text: String, in model: inout Model) -> DialogStep {
    editor.insert(text)
    return .stay
  }

  func paint(on painter: inout Painter) { painter.paintLine(editor, prompt: " /", hints(painter.model.keymap)) }
}
