/// The scope of a binding.
public enum Scope: String, Hashable, Sendable, CaseIterable {
  /// The screen with no dialog open.
  case main
  /// The screen while the focused pane has a search; precedes ``main``.
  case search
  /// Every line editor.
  case editor
  /// The prompt that starts a command; precedes ``editor``.
  case startPrompt
  /// The line for standard input; precedes ``editor``.
  case inputLine
  /// The menus: signals and themes.
  case menu
  /// The attach list.
  case picker
  /// The box list of the start prompt; precedes ``picker``.
  case boxPicker
  /// A confirmation with two buttons.
  case question
  /// The help page.
  case help
  /// The race lab with no dialog open.
  case lab
  /// The race lab during the tour; precedes ``lab``.
  case labTour
  /// The race lab's scenario menu.
  case labScenario
  /// The race lab's hold page.
  case labHold
  /// The command prompt of that page; precedes ``editor``.
  case labCommand

  /// The scopes of the race lab, which has its own help page.
  static let ofLab: Set<Scope> = [.lab, .labTour, .labScenario, .labHold, .labCommand]

  /// The scopes to search, in order.
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
