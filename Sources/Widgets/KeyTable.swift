public import Cells

/// One line of a key table: keys, the command they give, and the words about it.
public struct Binding<Command: Hashable & Sendable>: Hashable, Sendable {
  /// The keys, each of which gives the command.
  public var keys: [Key]
  /// The command.
  public var command: Command
  /// The line in the help page.
  public var help: String
  /// The word in the status line or a dialog's last line; nil when it is not shown there.
  public var hint: String?
  /// Whether it may shadow a binding of the table behind, as `n` does while a search is shown.
  public var shadows: Bool
  /// The keys as the help page shows them; nil when the page has no line for this binding.
  public var listedKeys: String?

  /// Creates a binding.
  public init(_ keys: [Key], _ command: Command, _ help: String, hint: String? = nil, shadows: Bool = false) {
    self.keys = keys
    self.command = command
    self.help = help
    self.hint = hint
    self.shadows = shadows
    listedKeys = keys.map(\.label).joined(separator: " ")
  }

  /// The digits 1 to 9, which are one line of the help page.
  public static func digits(_ help: String, _ command: (Int) -> Command) -> [Binding] {
    (1...9).map { number in
      var binding = Binding([.character(Character("\(number)"))], command(number), help)
      binding.listedKeys = number == 1 ? "1-9" : nil
      return binding
    }
  }

  /// The same keys and words for the command of a table in front.
  public func lifted<Front>(_ lift: (Command) -> Front) -> Binding<Front> {
    var lifted = Binding<Front>(keys, lift(command), help, hint: hint, shadows: shadows)
    lifted.listedKeys = listedKeys
    return lifted
  }
}

/// A key and a word for the status line.
public struct KeyHint: Hashable, Sendable {
  /// The first key.
  public var key: String
  /// The word.
  public var word: String

  /// Creates a hint.
  public init(key: String, word: String) { (self.key, self.word) = (key, word) }
}

/// A heading of the help page with its lines.
public struct KeySection: Hashable, Sendable {
  /// A line of the help page.
  public struct Line: Hashable, Sendable {
    /// The keys.
    public var keys: String
    /// What they do.
    public var help: String

    /// Creates a line.
    public init(keys: String, help: String) { (self.keys, self.help) = (keys, help) }
  }

  /// The heading.
  public var title: String
  /// The lines.
  public var lines: [Line]
}

/// A key that is bound twice in a table, or in a table and the one behind it without
/// ``Binding/shadows``.
public struct KeyConflict: Hashable, Sendable {
  /// The key.
  public var key: Key
  /// The heading of the table.
  public var title: String
  /// The help lines of the two bindings.
  public var helps: [String]

  /// Creates a conflict.
  public init(key: Key, title: String, helps: [String]) {
    (self.key, self.title, self.helps) = (key, title, helps)
  }
}

/// The keys of one place, where they mean the commands of one type: the only source of keys, help
/// and hints there.
///
/// A table may stand in front of another one: a key that it does not bind has the meaning that it
/// has behind.
public struct KeyTable<Command: Hashable & Sendable>: Hashable, Sendable {
  /// The heading in the help page.
  public let title: String
  /// Its own bindings, in the order of the help page.
  public let bindings: [Binding<Command>]
  private let behind: [Binding<Command>]
  private let commands: [Key: Command]

  /// Creates a table; of two bindings for one key the first takes precedence.
  public init(_ title: String, _ bindings: [Binding<Command>]) {
    self.init(title, bindings, behind: [])
  }

  /// Creates a table in front of another one, whose commands become commands of this one.
  public init<Back>(
    _ title: String, _ bindings: [Binding<Command>], over back: KeyTable<Back>, _ lift: (Back) -> Command
  ) {
    self.init(title, bindings, behind: (back.bindings + back.behind).map { $0.lifted(lift) })
  }

  private init(_ title: String, _ bindings: [Binding<Command>], behind: [Binding<Command>]) {
    self.title = title
    self.bindings = bindings
    self.behind = behind
    var commands: [Key: Command] = [:]
    for binding in bindings + behind {
      for key in binding.keys where commands[key] == nil { commands[key] = binding.command }
    }
    self.commands = commands
  }

  /// The command of a key.
  public func command(for key: Key) -> Command? { commands[key] }

  /// The name of a command's first key; empty when it has none.
  public func label(of command: Command) -> String {
    (bindings + behind).first { $0.command == command }?.keys.first?.label ?? ""
  }

  /// The bindings with a hint, as long as their command is possible now.
  public func hints(where isPossible: (Command) -> Bool = { _ in true }) -> [KeyHint] {
    (bindings + behind).compactMap { binding in
      // A key that a table in front takes does not give this command here.
      guard let word = binding.hint, let key = binding.keys.first, commands[key] == binding.command,
        isPossible(binding.command)
      else { return nil }
      return KeyHint(key: key.label, word: word)
    }
  }

  /// Its own lines of the help page.
  public var section: KeySection {
    KeySection(
      title: title,
      lines: bindings.compactMap { binding in
        binding.listedKeys.map { KeySection.Line(keys: $0, help: binding.help) }
      })
  }

  /// Every key with two meanings here.
  public func conflicts() -> [KeyConflict] {
    var users: [Key: [(binding: Binding<Command>, isOwn: Bool)]] = [:]
    for binding in bindings { for key in binding.keys { users[key, default: []].append((binding, true)) } }
    for binding in behind { for key in binding.keys { users[key, default: []].append((binding, false)) } }
    return users.sorted { $0.key.label < $1.key.label }.compactMap { key, users in
      let mayShadow = users[0].binding.shadows && users[0].isOwn && users.dropFirst().allSatisfy { !$0.isOwn }
      // Two behind are a conflict of the table behind.
      guard users.count > 1, users[0].isOwn, !mayShadow else { return nil }
      return KeyConflict(key: key, title: title, helps: users.map(\.binding.help))
    }
  }
}

extension Key {
  /// The key's name in help and hints, in ASCII: `Tab`, `^D`, `PgUp`, `f`.
  package var label: String {
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
    case .up, .down, .left, .right, .home, .end, .enter, .tab, .backspace:
      name.rawValue.prefix(1).uppercased() + name.rawValue.dropFirst()
    case .f1, .f2, .f3, .f4, .f5, .f6, .f7, .f8, .f9, .f10, .f11, .f12: name.rawValue.uppercased()
    }
  }
}
