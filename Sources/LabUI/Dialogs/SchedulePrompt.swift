import Cells
public import RaceLab
public import Widgets

/// The prompt for a schedule's text, with the last error.
public struct SchedulePrompt: Hashable, Sendable {
  /// The text being edited.
  public var editor = LineEditor()
  /// Why it cannot be parsed, and where.
  public var problem: ScheduleError?

  /// Creates an empty prompt.
  public init() {}
}

extension SchedulePrompt: LabDialogContent {
  var dialog: LabDialog { .schedule(self) }

  func hints(_ keymap: LabKeymap) -> [KeyHint] { keymap.line.hints() }

  mutating func handle(_ key: Key, in lab: inout LabModel) -> LabDialogStep {
    switch lab.keymap.line.command(for: key) {
    case .accept: return read(editor.text, in: &lab)
    case .cancel: return .close()
    case .edit(let command):
      editor.perform(command, history: [lab.session.schedule.text])
      problem = nil
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

  /// Shows the schedule of a text and closes, or stays open with the error.
  mutating func read(_ text: String, in lab: inout LabModel) -> LabDialogStep {
    do throws(ScheduleError) {
      lab.show(try Schedule(text: text.trimmed))
      return .close()
    } catch {
      editor = LineEditor()
      editor.insert(text.trimmed)
      problem = error
      return .stay
    }
  }

  func paint(on painter: inout LabPainter) { painter.paint(self) }
}

extension LabPainter {
  fileprivate mutating func paint(_ prompt: SchedulePrompt) {
    let frame = DialogFrame(display, height: 3, width: 72)
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

extension String {
  /// The text without surrounding white space, which a paste often has.
  fileprivate var trimmed: String {
    let start = drop(while: \.isWhitespace)
    let end = start.lastIndex { !$0.isWhitespace }
    return end.map { String(start[...$0]) } ?? ""
  }
}
