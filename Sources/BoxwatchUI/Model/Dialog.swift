public import ExecModel

/// What stands in front of the screen and takes the keys.
public enum Dialog: Hashable, Sendable {
  /// The help page, from a line.
  case help(top: Int)
  /// What there is to know of an execution besides its output, from a line.
  case details(ExecutionID, top: Int)
  /// The signals, for an execution.
  case signals(Menu, ExecutionID)
  /// The themes; the one before comes back when the menu is left.
  case themes(Menu, before: Theme)
  /// The prompt that starts a command.
  case start(StartPrompt)
  /// The list of boxes for that prompt.
  case boxes(BoxPicker)
  /// A line for an execution's standard input.
  case input(LineEditor, ExecutionID)
  /// A text to search for in a pane.
  case search(LineEditor, ExecStream)
  /// What there is to attach to.
  case picker(Picker)
  /// A question.
  case question(Question)

  /// Which bindings count.
  var scope: Scope {
    switch self {
    case .help, .details: .help
    case .signals, .themes: .menu
    case .start: .startPrompt
    case .boxes: .boxPicker
    case .input: .inputLine
    case .search: .editor
    case .picker: .picker
    case .question: .question
    }
  }
}
