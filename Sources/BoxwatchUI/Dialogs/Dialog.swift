public import ExecModel

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

/// A list to choose from: arrow keys move, typed letters and digits jump.
public struct Menu: Hashable, Sendable {
  /// An item of the menu.
  public struct Item: Hashable, Sendable {
    /// The displayed label.
    public var label: String
    /// The lower-case prefixes that typing jumps by.
    public var keys: [String]

    /// Makes an item.
    public init(label: String, keys: [String]) {
      self.label = label
      self.keys = keys
    }
  }

  /// The items; not empty while the menu is shown.
  public let items: [Item]
  /// The index of the selected item.
  public private(set) var index: Int
  /// The text typed so far.
  public private(set) var query = ""

  /// Creates a menu with an item selected.
  public init(items: [Item], index: Int = 0) {
    self.items = items
    self.index = min(max(0, index), max(0, items.count - 1))
  }

  /// Moves the selection by a number of items, stopping at the ends.
  public mutating func move(by count: Int) {
    index = min(max(0, index &+ count), max(0, items.count - 1))
    query = ""
  }

  /// Jumps to the first item that begins with the text typed so far; a character that matches
  /// nothing starts a new text.
  public mutating func type(_ character: Character) {
    let letter = character.lowercased()
    for attempt in [query + letter, letter] {
      guard let found = firstIndex(beginningWith: attempt) else { continue }
      query = attempt
      index = found
      return
    }
    query = ""
  }

  /// Deletes the last typed character.
  public mutating func untype() {
    query = String(query.dropLast())
    if let found = firstIndex(beginningWith: query), !query.isEmpty { index = found }
  }

  private func firstIndex(beginningWith text: String) -> Int? {
    items.firstIndex { $0.keys.contains(text) } ?? items.firstIndex { $0.keys.contains { $0.hasPrefix(text) } }
  }
}

extension Menu {
  /// The signals by number and name, with SIGTERM selected.
  static let signals = Menu(
    items: Signal.all.map { signal in
      let name = signal.name
      let number = String(signal.number)
      return Item(
        label: (number.count < 2 ? " " : "") + number + "  " + name,
        keys: [number, String(name.dropFirst(3)).lowercased(), name.lowercased()])
    }, index: Int(Signal.terminate.number) - 1)
}

/// The dialog in front of the screen; it takes the keys.
public enum Dialog: Hashable, Sendable {
  /// The help page, scrolled to a line.
  case help(top: Int)
  /// The details of an execution, scrolled to a line.
  case details(ExecutionID, top: Int)
  /// The signal menu for an execution.
  case signals(Menu, ExecutionID)
  /// The theme menu; the theme before is restored when the menu is cancelled.
  case themes(Menu, before: Theme)
  /// The prompt that starts a command.
  case start(StartPrompt)
  /// The box list for that prompt.
  case boxes(BoxPicker)
  /// A line for an execution's standard input.
  case input(LineEditor, ExecutionID)
  /// The search line of a pane.
  case search(LineEditor, ExecStream)
  /// The attach list.
  case picker(Picker)
  /// A confirmation.
  case question(Question)

  /// The scope whose key bindings apply.
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
