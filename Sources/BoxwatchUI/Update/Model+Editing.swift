import Cells
import ExecModel

extension Model {
  /// Handles a key in a line editor; false when it is not an editing key.
  private func edit(_ editor: inout LineEditor, _ command: Command?, _ key: Key, _ history: [String]) -> Bool {
    if let command { return editor.perform(command, history: history) }
    guard case .character(let character) = key else { return false }
    editor.insert(String(character))
    return true
  }

  mutating func edit(_ prompt: StartPrompt, _ command: Command?, _ key: Key) -> [Effect] {
    var prompt = prompt
    if editLine(of: &prompt, command, key) {
      prompt.problem = nil
      dialog = .start(prompt)
      return []
    }
    switch command {
    case .accept: return start(prompt)
    case .listBoxes: return openBoxes(prompt)
    case .nextBox: prompt.box = nextBox(after: prompt.box)
    case .editOptions: prompt.isInOptions.toggle()
    case .toggleTerminal: prompt.wantsTerminal.toggle()
    case .toggleInput: prompt.wantsInput.toggle()
    default: break
    }
    dialog = .start(fitted(prompt))
    return []
  }

  /// Edits the line that has the focus.
  private func editLine(of prompt: inout StartPrompt, _ command: Command?, _ key: Key) -> Bool {
    prompt.isInOptions
      ? edit(&prompt.options, command, key, histories.options) : edit(&prompt.editor, command, key, histories.commands)
  }

  /// Clears the options that the selected box does not support, and says so.
  func fitted(_ prompt: StartPrompt) -> StartPrompt {
    var prompt = prompt
    prompt.problem = nil
    if prompt.isInOptions, choice(prompt.box)?.takesOptions != true {
      prompt.isInOptions = false
      prompt.problem = "options such as --net are for a throw-away sandbox: choose bwrap"
    }
    guard let box = choice(prompt.box) else { return prompt }
    if prompt.wantsTerminal, let reason = box.missing[.terminal] {
      prompt.wantsTerminal = false
      prompt.problem = "the box \(box.name) has no terminals: \(reason)"
    }
    if prompt.wantsInput, let reason = box.missing[.input] {
      prompt.wantsInput = false
      prompt.problem = "the box \(box.name) takes no input: \(reason)"
    }
    return prompt
  }

  private mutating func start(_ prompt: StartPrompt) -> [Effect] {
    let (words, options): ([String], [String])
    do {
      words = try CommandWords.split(prompt.editor.text)
      options = choice(prompt.box)?.takesOptions == true ? try CommandWords.split(prompt.options.text) : []
    } catch { return refuse(prompt, error.description) }
    guard !words.isEmpty else { return refuse(prompt, "type a command and its arguments") }
    Histories.add(prompt.editor.text, to: &histories.commands)
    if !options.isEmpty { Histories.add(prompt.options.text, to: &histories.options) }
    dialog = nil
    awaitedStarts += 1
    awaitedPrompt = prompt
    let request = StartRequest(
      text: prompt.editor.text, command: words, box: prompt.box, options: options,
      terminal: prompt.wantsTerminal ? freshTerminalSize : nil, wantsInput: prompt.wantsInput)
    return [.start(request)]
  }

  /// Keeps the prompt open and shows the problem.
  private mutating func refuse(_ prompt: StartPrompt, _ problem: String) -> [Effect] {
    var prompt = prompt
    prompt.problem = problem
    dialog = .start(prompt)
    return []
  }

  mutating func edit(_ editor: LineEditor, _ id: ExecutionID, _ command: Command?, _ key: Key) -> [Effect] {
    var editor = editor
    if !edit(&editor, command, key, histories.inputs) {
      switch command {
      case .accept: return send(editor.text + "\n", to: id)
      case .endOfInput: return endInput(editor.text, of: id)
      default: break
      }
    }
    dialog = .input(editor, id)
    return []
  }

  /// Sends a line and keeps the input line open for the next one.
  private mutating func send(_ line: String, to id: ExecutionID) -> [Effect] {
    guard mayWrite(to: id) else { return [] }
    Histories.add(String(line.dropLast()), to: &histories.inputs)
    dialog = .input(LineEditor(), id)
    change(id) { $0.pendingWrites += 1 }
    return [.write(id, Array(line.utf8))]
  }

  private mutating func endInput(_ rest: String, of id: ExecutionID) -> [Effect] {
    guard mayWrite(to: id) else { return [] }
    dialog = nil
    change(id) { row in
      // A terminal's end of file is a character: more can be typed after it.
      row.isInputClosed = !row.hasTerminal
      row.pendingWrites += rest.isEmpty ? 0 : 1
    }
    say("end of input to execution \(row(id)?.number ?? 0)")
    return (rest.isEmpty ? [] : [.write(id, Array(rest.utf8))]) + [.closeInput(id)]
  }

  private mutating func mayWrite(to id: ExecutionID) -> Bool {
    guard let row = row(id) else { return false }
    guard let reason = inputRefusal(row) else { return true }
    dialog = nil
    say(reason, isError: true)
    return false
  }

  mutating func edit(
    _ editor: LineEditor, _ stream: ExecStream, _ command: Command?, _ key: Key, _ text: TextLookup
  ) -> [Effect] {
    var editor = editor
    if !edit(&editor, command, key, histories.searches), command == .accept {
      dialog = nil
      return beginSearch(editor.text, stream, text)
    }
    dialog = .search(editor, stream)
    return []
  }

  /// Inserts a paste into the open line; several lines for standard input wait for Enter, with
  /// visible line breaks.
  mutating func paste(_ pasted: String) -> [Effect] {
    switch dialog {
    case .start(var prompt):
      if prompt.isInOptions { prompt.options.insert(pasted) } else { prompt.editor.insert(pasted) }
      dialog = .start(prompt)
    case .search(var editor, let stream):
      editor.insert(pasted)
      dialog = .search(editor, stream)
    case .input(var editor, let id):
      editor.insert(pasted, keepsLines: true)
      dialog = .input(editor, id)
      guard pasted.contains(where: \.isNewline) else { break }
      say("the paste has several lines: Enter sends them all, Esc drops them")
    case .picker(var picker):
      picker.type(pasted)
      dialog = .picker(picker)
    case .boxes(var picker):
      picker.type(pasted)
      dialog = .boxes(picker)
    case .help, .details, .signals, .themes, .question, nil:
      say("a paste does nothing here")
    }
    return []
  }
}
