import Cells
public import ExecModel
import Widgets

/// A confirmation with two buttons.
public struct Question: Hashable, Sendable {
  /// The action to confirm.
  public enum Subject: Hashable, Sendable {
    /// Kill what is still running and quit.
    case quit
    /// Force-close one execution.
    case forceClose(ExecutionID)
  }

  /// The action to confirm.
  public var subject: Subject
  /// Whether the confirming button has the focus; initially not, so that a stray Enter changes
  /// nothing.
  public var isYesFocused = false

  /// Creates a confirmation.
  public init(_ subject: Subject) { self.subject = subject }
}

extension Question: DialogContent {
  var dialog: Dialog { .question(self) }

  func hints(_ keymap: Keymap) -> [KeyHint] { keymap.question.hints() }

  mutating func handle(_ key: Key, in model: inout Model, _ text: TextLookup) -> DialogStep {
    switch model.keymap.question.command(for: key) {
    case .yes: return confirm(model)
    case .no: return .close()
    case .press: return isYesFocused ? confirm(model) : .close()
    case .otherButton: isYesFocused.toggle()
    case nil: break
    }
    return .stay
  }

  mutating func handle(_ event: MouseEvent, in model: inout Model) -> DialogStep {
    guard event.isPress else { return .stay }
    let buttons = QuestionFrame(self, model)
    if event.isIn(buttons.yes) { return confirm(model) }
    return event.isIn(buttons.no) ? .close() : .stay
  }

  private func confirm(_ model: Model) -> DialogStep {
    switch subject {
    case .quit: .close([.quit])
    case .forceClose(let id): .close(model.row(id)?.isOver == false ? [.forceClose(id)] : [])
    }
  }

  func paint(on painter: inout Painter) {
    let words = QuestionText(self, painter.model)
    let frame = QuestionFrame(self, painter.model)
    painter.paintBox(frame.frame, "boxwatch")
    let inner = frame.frame.inner
    for (offset, line) in words.lines.enumerated() {
      painter.write([(line, .text)], on: .dialog, row: inner.row + offset, column: inner.column + 1, within: inner)
    }
    paintButton(words.yes, frame.yes, isFocused: isYesFocused, on: &painter)
    paintButton(words.no, frame.no, isFocused: !isYesFocused, on: &painter)
  }

  private func paintButton(_ label: String, _ place: Rect, isFocused: Bool, on painter: inout Painter) {
    let look = isFocused ? painter.style(.buttonFocus) : painter.style(.button, on: .dialog)
    painter.grid.fill(place, style: look)
    let text = isFocused ? "[\(label)]" : " \(label) "
    painter.grid.write(text, row: place.row, column: place.column, style: look, within: place)
  }
}

/// The frame of a confirmation, with its two buttons in the last row.
private struct QuestionFrame {
  /// The width of a button with a blank after it: `[kill and quit] `.
  private static let buttonWidth = 16

  let frame: DialogFrame

  init(_ question: Question, _ model: Model) {
    let lines = QuestionText(question, model).lines
    let widest = lines.map { TextWidth.columns(of: $0) }.max() ?? 0
    frame = DialogFrame(model.display, height: lines.count + 2, width: max(32, widest + 2))
  }

  /// The area of the confirming button.
  var yes: Rect { button(at: 1) }
  /// The area of the cancelling button.
  var no: Rect { button(at: 1 + min(Self.buttonWidth, frame.inner.width / 2)) }

  private func button(at column: Int) -> Rect {
    let inner = frame.inner
    return Rect(
      row: inner.bottom - 1, column: inner.column + column, height: inner.height > 0 ? 1 : 0,
      width: min(Self.buttonWidth - 1, inner.width / 2 - 1))
  }
}

/// The text of a confirmation and its buttons.
private struct QuestionText: Hashable, Sendable {
  /// The lines above the buttons.
  var lines: [String]
  /// The confirming button.
  var yes: String
  /// The cancelling button.
  var no: String

  /// The executions that are not affected, since they go on.
  private static func left(_ count: Int) -> [String] {
    count == 0
      ? []
      : [
        "\(count) more \(count == 1 ? "is" : "are") only attached: \(count == 1 ? "it is" : "they are") still running."
      ]
  }

  /// The clients that are affected.
  private static func clients(_ model: Model) -> [String] {
    guard let count = model.server?.clients, count > 0 else { return [] }
    return ["\(count) client\(count == 1 ? " is" : "s are") attached to the server."]
  }

  /// The text of a confirmation for the current state.
  init(_ question: Question, _ model: Model) {
    no = "stay"
    switch question.subject {
    case .quit:
      let count = model.ours.count
      // All may have ended since the confirmation was opened.
      lines =
        count == 0
        ? [model.waitingCount == 0 ? "Everything has ended." : "Nothing is running."]
        : ["\(count) execution\(count == 1 ? " is" : "s are") still running."]
      let waiting = model.waitingCount
      if waiting > 0 {
        lines.append("\(waiting) more wait\(waiting == 1 ? "s" : "") for a turn, and will not be started.")
      }
      let attached = model.active.count - count - model.rows.count(where: \.isWaiting)
      lines += Self.left(attached) + Self.clients(model)
      yes = count == 0 ? "quit" : "kill and quit"
    case .forceClose(let id):
      let row = model.row(id)
      lines = ["Close execution \(row?.number ?? 0) by force?", row?.title ?? ""]
      yes = "kill"
    }
  }
}
