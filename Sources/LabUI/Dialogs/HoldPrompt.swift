import Cells
import ExecModel
public import Widgets

/// The prompt for the command of the hold page.
public struct HoldPrompt: Hashable, Sendable {
  /// The line.
  public internal(set) var editor: LineEditor
  /// Why the last attempt was refused.
  public internal(set) var problem: String?

  /// Creates a prompt with a text.
  init(_ text: String) { editor = LineEditor(text) }

  /// Replaces the line with the next preset, or with the first when it contains none.
  mutating func nextPreset() {
    let presets = HoldModel.presets
    let index = presets.firstIndex(of: editor.text).map { ($0 + 1) % presets.count } ?? 0
    self = HoldPrompt(presets[index])
  }
}

extension HoldPrompt: LabDialogContent {
  var dialog: LabDialog { .command(self) }

  func hints(_ keymap: LabKeymap) -> [KeyHint] { keymap.command.hints() }

  mutating func handle(_ key: Key, in lab: inout LabModel) -> LabDialogStep {
    switch lab.keymap.command.command(for: key) {
    case .line(.accept): return start(in: &lab)
    case .line(.cancel): return .close()
    case .line(.edit(let command)):
      editor.perform(command, history: HoldModel.presets.reversed())
      problem = nil
    case .nextPreset: nextPreset()
    case nil: if case .character(let character) = key { insert(String(character)) }
    }
    return .stay
  }

  mutating func paste(_ text: String, in lab: inout LabModel) -> LabDialogStep {
    insert(text)
    return .stay
  }

  private mutating func insert(_ text: String) {
    editor.insert(text)
    problem = nil
  }

  /// Requests the start of the line and closes, or stays open with the problem.
  mutating func start(in lab: inout LabModel) -> LabDialogStep {
    self = HoldPrompt(editor.text)
    do throws(CommandWords.Problem) {
      if let request = try lab.hold.start(editor.text) { return .close([.hold(request)]) }
      problem = "type a command and its arguments"
    } catch {
      problem = error.description
    }
    return .stay
  }

  func paint(on painter: inout LabPainter) { painter.paint(self) }
}

extension LabPainter {
  /// Draws the prompt for the command to hold.
  fileprivate mutating func paint(_ prompt: HoldPrompt) {
    let width = min(76, display.width - 2)
    let problem = prompt.problem.map { WordWrap.lines($0, width: width - 2) } ?? []
    let frame = DialogFrame(display, height: 2 + max(1, problem.count), width: width)
    paintBox(frame, "hold a real command; all gates are closed at the start")
    let inner = frame.inner
    grid.write("$ ", row: inner.row, column: inner.column + 1, style: style(.helpKey, on: .dialog), within: inner)
    let room = Rect(row: inner.row, column: inner.column + 3, height: 1, width: inner.width - 4)
    paint(prompt.editor, in: room, style(.dialog))
    let key = lab.keymap.command.label(of: .nextPreset)
    write(
      [(key, .helpKey), (" next example", .helpText)], on: .dialog, row: inner.row + 1, column: inner.column + 1,
      within: inner)
    for (index, line) in problem.enumerated() {
      grid.write(
        line, row: inner.row + 2 + index, column: inner.column + 1, style: style(.error, on: .dialog), within: inner)
    }
  }
}
