public import ExecModel

/// A question with two buttons.
public struct Question: Hashable, Sendable {
  /// What is asked.
  public enum Subject: Hashable, Sendable {
    /// Whether to kill what runs and quit.
    case quit
    /// Whether to close one execution by force.
    case forceClose(ExecutionID)
  }

  /// What is asked.
  public var subject: Subject
  /// Whether the button that does it has the focus; not at first, so that a stray Enter changes nothing.
  public var isYesFocused = false

  /// A question.
  public init(_ subject: Subject) { self.subject = subject }
}

/// The prompt that starts a command: its line, its box, the box's options, and two switches.
public struct StartPrompt: Hashable, Sendable {
  /// The command as it is typed.
  public var editor = LineEditor()
  /// A sandbox's options as they are typed, as on a command line: `--net --memory 1G`.
  public var options = LineEditor()
  /// Whether keys go to the options.
  public var isInOptions = false
  /// The box's name; empty for the default when the model knows no box.
  public var box: String
  /// Whether the command gets a terminal.
  public var wantsTerminal = false
  /// Whether its standard input stays open for `i`.
  public var wantsInput = false
  /// Why the last attempt was refused.
  public var problem: String?

  /// An empty prompt.
  public init(box: String = "") { self.box = box }
}

/// A list to choose from: arrows move, typed letters and digits jump.
public struct Menu: Hashable, Sendable {
  /// One thing to choose.
  public struct Item: Hashable, Sendable {
    /// What is shown.
    public var label: String
    /// Texts that typing may begin with to jump here, in lower case.
    public var keys: [String]

    /// Makes an item.
    public init(label: String, keys: [String]) {
      self.label = label
      self.keys = keys
    }
  }

  /// The things to choose from; never empty while shown.
  public let items: [Item]
  /// The chosen one.
  public private(set) var index: Int
  /// What was typed so far.
  public private(set) var query = ""

  /// A menu that stands at an item.
  public init(items: [Item], index: Int = 0) {
    self.items = items
    self.index = min(max(0, index), max(0, items.count - 1))
  }

  /// Moves by some items, stopping at the ends.
  public mutating func move(by count: Int) {
    index = min(max(0, index &+ count), max(0, items.count - 1))
    query = ""
  }

  /// Jumps to the first item that begins with what was typed so far; a letter that fits nothing begins anew.
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

  /// Takes back the last typed letter.
  public mutating func untype() {
    query = String(query.dropLast())
    if let found = firstIndex(beginningWith: query), !query.isEmpty { index = found }
  }

  private func firstIndex(beginningWith text: String) -> Int? {
    items.firstIndex { $0.keys.contains(text) } ?? items.firstIndex { $0.keys.contains { $0.hasPrefix(text) } }
  }
}

extension Menu {
  /// The signals by number and name; stands at SIGTERM.
  static let signals = Menu(
    items: Signal.all.map { signal in
      let name = signal.name
      let number = String(signal.number)
      return Item(
        label: (number.count < 2 ? " " : "") + number + "  " + name,
        keys: [number, String(name.dropFirst(3)).lowercased(), name.lowercased()])
    }, index: Int(Signal.terminate.number) - 1)
}

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
