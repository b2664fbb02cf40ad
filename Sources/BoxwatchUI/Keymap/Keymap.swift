public import Cells

/// All bindings, in the order in which help lists them; the one place keys, help and hints come from.
public struct Keymap: Hashable, Sendable {
  /// Two bindings that want the same key in the same place.
  public struct Conflict: Hashable, Sendable {
    /// The key.
    public var key: Key
    /// The scope of the binding that would win.
    public var scope: Scope
    /// What the two would do.
    public var commands: [Command]
  }

  /// The bindings.
  public let bindings: [Binding]
  private let table: [Scope: [Key: Command]]

  /// Makes a keymap; of two bindings for one key in one scope the first counts.
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

  /// What a key asks for in a scope.
  public func command(for key: Key, in scope: Scope) -> Command? {
    for scope in scope.chain {
      if let command = table[scope]?[key] { return command }
    }
    return nil
  }

  /// The first key of a command in a scope, as help writes it; empty when it has none.
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

  /// Every key that is wanted twice in a scope, or in a scope and one behind it without saying so.
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
