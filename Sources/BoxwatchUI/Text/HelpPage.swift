/// The help page's lines, made from the keymap: a heading for each scope, a line for each binding.
enum HelpPage {
  /// One line.
  enum Line: Hashable, Sendable {
    /// A scope's heading.
    case heading(String)
    /// Keys and what they do.
    case binding(keys: String, help: String)
  }

  /// All lines but the race lab's, which explains itself; the bindings of the digits are one line.
  static func lines(_ keymap: Keymap) -> [Line] {
    var lines: [Line] = []
    for scope in Scope.allCases where !Scope.ofLab.contains(scope) {
      let bindings = keymap.bindings.filter { $0.scope == scope }
      if !bindings.isEmpty { lines.append(.heading(scope.title)) }
      for binding in bindings { append(binding, to: &lines) }
    }
    return lines
  }

  private static func append(_ binding: Binding, to lines: inout [Line]) {
    if case .select(let number) = binding.command {
      if number == 1 { lines.append(.binding(keys: "1-9", help: "select the execution of that number")) }
      return
    }
    let keys = binding.keys.map(\.label).joined(separator: " ")
    lines.append(.binding(keys: keys, help: binding.help))
  }
}
