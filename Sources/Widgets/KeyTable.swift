public import Cells

/// The commands that keys are bound to; their effect depends on the focus or the open dialog.
public enum Command: Hashable, Sendable {
  // Moving in the list and in the panes.
  case up, down, halfPageUp, halfPageDown, pageUp, pageDown, top, bottom
  case left, right, lineStart, lineEnd
  // Choosing what is shown.
  case focusNext, focusPrevious, enter, leave
  case select(Int)
  case previousExecution, nextExecution
  // Changing how it is shown.
  case toggleFollow, toggleWrap, toggleArrangement, toggleZoom, search, nextMatch, previousMatch
  // Acting on an execution.
  case start, startWaiting, attach, signal, forceClose, release, input, details
  // The program.
  case themes, race, help, quit, suspend, redraw
  // Line editors.
  case accept, cancel, editLeft, editRight, editStart, editEnd
  case deleteBefore, deleteAfter, deleteToStart, deleteToEnd, deleteWord, historyBack, historyForward
  case nextBox, listBoxes, editOptions, toggleTerminal, toggleInput, endOfInput
  // The box list.
  case takeBox, explain
  // Menus and confirmations.
  case choiceUp, choiceDown, choiceTop, choiceBottom, choiceLess, choiceMore, yes, no, otherButton
  // The race lab.
  case takeStep, stepBack, stepForward, restartSteps, randomStep, runToEnd, nextLoss
  case leftDispatcher(by: Int), rightDispatcher(by: Int)
  case scenario, copySchedule, typeSchedule, tour, tourNext, endTour
  // The race lab's hold page.
  case otherPage, toggleGate(HeldGate), releaseGates, restartHeld, typeCommand, nextPreset
}

/// One line of the keymap: keys, a command, and their texts in help and hints.
public struct Binding: Hashable, Sendable {
  /// The keys, each of which triggers the command.
  public var keys: [Key]
  /// The command.
  public var command: Command
  /// The scope.
  public var scope: Scope
  /// The line in the help page.
  public var help: String
  /// The word in the status line or a dialog's last line; nil when it is not shown there.
  public var hint: String?
  /// Whether the binding may shadow one of the next scope, as `n` does while a search is shown.
  public var shadows: Bool

  /// Creates a binding.
  public init(
    _ keys: [Key], _ command: Command, in scope: Scope, _ help: String, hint: String? = nil, shadows: Bool = false
  ) {
    self.keys = keys
    self.command = command
    self.scope = scope
    self.help = help
    self.hint = hint
    self.shadows = shadows
  }
}

extension Key {
  /// The key's name in help and hints, in ASCII: `Tab`, `^D`, `PgUp`, `f`.
  var label: String {
    switch self {
    case .character(" "): "Space"
    case .character(let character): String(character)
    case .control(" "): "^Space"
    case .control(let letter): "^" + letter.uppercased()
    case .alt(let character): "Alt-" + String(character)
    case .named(let name): Self.label(of: name)
    case .mouse, .paste: ""
    }
  }

  private static func label(of name: Name) -> String {
    switch name {
    case .pageUp: "PgUp"
    case .pageDown: "PgDn"
    case .backTab: "Shift-Tab"
    case .escape: "Esc"
    case .delete: "Del"
    case .insert: "Ins"
    case .up, .down, .left, .right, .home, .end, .enter, .tab, .backspace: name.rawValue.capitalizedFirst
    case .f1, .f2, .f3, .f4, .f5, .f6, .f7, .f8, .f9, .f10, .f11, .f12: name.rawValue.uppercased()
    }
  }
}

extension String {
  /// The text with its first letter in upper case.
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

/// All bindings, in the order of the help page; the only source of keys, help and hints.
public struct Keymap: Hashable, Sendable {
  /// Two bindings for the same key in the same scope.
  public struct Conflict: Hashable, Sendable {
    /// The key.
    public var key: Key
    /// The scope of the binding that takes precedence.
    public var scope: Scope
    /// The two commands.
    public var commands: [Command]
  }

  /// The bindings.
  public let bindings: [Binding]
  private let table: [Scope: [Key: Command]]

  /// Creates a keymap; of two bindings for one key in one scope the first takes precedence.
  public init(bindings: [Binding]) {
    self.bindings = bindings
    var table: [Scope: [Key: Command]] = [:]
    for binding in bindings {
      for key in binding.keys where table[binding.scope]?[key] == nil {
        table[binding.scope, default: [:]][key] = binding.command
      }
    }
    self.table = table
  }

  /// The command of a key in a scope.
  public func command(for key: Key, in scope: Scope) -> Command? {
    for scope in scope.chain {
      if let command = table[scope]?[key] { return command }
    }
    return nil
  }

  /// The name of a command's first key in a scope; empty when it has none.
  public func label(of command: Command, in scope: Scope) -> String {
    binding(of: command, in: scope)?.keys.first?.label ?? ""
  }

  /// The binding of a command in a scope.
  func binding(of command: Command, in scope: Scope) -> Binding? {
    for scope in scope.chain {
      if let found = bindings.first(where: { $0.scope == scope && $0.command == command }) { return found }
    }
    return nil
  }

  /// Every key that is bound twice in a scope, or in a scope and the next one without
  /// ``Binding/shadows``.
  public func conflicts() -> [Conflict] {
    var found: [Conflict] = []
    for scope in Scope.allCases {
      for (key, users) in users(in: scope).sorted(by: { $0.key.label < $1.key.label }) where users.count > 1 {
        let mayShadow = users[0].shadows && users.dropFirst().allSatisfy { $0.scope != scope }
        if !mayShadow { found.append(Conflict(key: key, scope: scope, commands: users.map(\.command))) }
      }
    }
    return found
  }

  private func users(in scope: Scope) -> [Key: [Binding]] {
    var users: [Key: [Binding]] = [:]
    for scope in scope.chain {
      for binding in bindings where binding.scope == scope {
        for key in binding.keys { users[key, default: []].append(binding) }
      }
    }
    return users
  }
}
