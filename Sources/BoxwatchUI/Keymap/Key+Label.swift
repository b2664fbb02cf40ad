import Cells

extension Key {
  /// The key as help and hints write it, in ASCII: `Tab`, `^D`, `PgUp`, `f`.
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
