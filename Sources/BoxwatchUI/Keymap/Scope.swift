/// Where a binding counts.
public enum Scope: String, Hashable, Sendable, CaseIterable {
  /// The screen with no dialog open.
  case main
  /// The screen while the focused pane has a search; comes before ``main``.
  case search
  /// Every line editor.
  case editor
  /// The prompt that starts a command; comes before ``editor``.
  case startPrompt
  /// The line for standard input; comes before ``editor``.
  case inputLine
  /// The menus: signals and themes.
  case menu
  /// What there is to attach to.
  case picker
  /// The boxes to start a command in; comes before ``picker``.
  case boxPicker
  /// A question with two buttons.
  case question
  /// The help page.
  case help
  /// The race lab with no dialog open.
  case lab
  /// The race lab while the tour goes on; comes before ``lab``.
  case labTour
  /// The race lab's menu of what there is to happen.
  case labScenario
  /// The race lab's page for holding a real command.
  case labHold
  /// The prompt for that command; comes before ``editor``.
  case labCommand

  /// The scopes of the race lab, which has an explanation of its own.
  static let ofLab: Set<Scope> = [.lab, .labTour, .labScenario, .labHold, .labCommand]

  /// The scopes to look in, first to last.
  var chain: [Scope] {
    switch self {
    case .search: [.search, .main]
    case .startPrompt: [.startPrompt, .editor]
    case .boxPicker: [.boxPicker, .picker]
    case .inputLine: [.inputLine, .editor]
    case .labTour: [.labTour, .lab]
    case .labCommand: [.labCommand, .editor]
    case .main, .editor, .menu, .picker, .question, .help, .lab, .labScenario, .labHold: [self]
    }
  }

  /// The heading in the help page.
  var title: String {
    switch self {
    case .main: "Everywhere"
    case .search: "While a search is shown"
    case .editor: "Lines you type"
    case .startPrompt: "Starting a command"
    case .inputLine: "Writing to standard input"
    case .menu: "Menus"
    case .picker: "Attaching"
    case .boxPicker: "Choosing a box"
    case .question: "Questions"
    case .help: "This page"
    case .lab: "The race lab"
    case .labTour: "The race lab's tour"
    case .labScenario: "The race lab's scenario"
    case .labHold: "Holding a real exec"
    case .labCommand: "The command to hold"
    }
  }
}
