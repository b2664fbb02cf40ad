import Glibc

/// What the environment says about the terminal.
struct TerminalType: Hashable, Sendable {
  /// The value of TERM, empty when unset.
  var name: String
  /// The value of COLORTERM, empty when unset.
  var colorHint = ""

  /// Reads TERM and COLORTERM.
  static var fromEnvironment: TerminalType {
    TerminalType(name: variable("TERM"), colorHint: variable("COLORTERM"))
  }

  /// Whether the terminal cannot be drawn on, by its own word.
  var isDumb: Bool { name == "dumb" }

  /// The terminfo entries to try, best first.
  ///
  /// A terminal that says `TERM=xterm` and promises 24-bit colour has 256 at least.
  var candidates: [String] {
    let own = name.isEmpty || (name == "xterm" && hasTruecolor) ? [] : [name]
    return own + ["xterm-256color", "xterm", "vt100"].filter { $0 != name || own.isEmpty }
  }

  /// Whether COLORTERM promises 24-bit colour.
  var hasTruecolor: Bool { colorHint == "truecolor" || colorHint == "24bit" }

  /// Whether the terminal takes xterm's private modes (mouse, paste, synchronized output) and window operations, or ignores them.
  var isXterm: Bool {
    Self.families.contains { name.hasPrefix($0) }
  }

  private static let families = [
    "xterm", "tmux", "screen", "alacritty", "foot", "kitty", "wezterm", "ghostty", "contour", "konsole", "gnome", "vte",
    "iterm",
    "mintty", "mlterm", "putty", "rxvt", "st-",
  ]

  private static func variable(_ name: String) -> String { getenv(name).map { String(cString: $0) } ?? "" }
}
