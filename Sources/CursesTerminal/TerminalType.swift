import Glibc

/// The terminal's type according to the environment.
struct TerminalType: Hashable, Sendable {
  /// The value of TERM, empty when unset.
  var name: String
  /// The value of COLORTERM, empty when unset.
  var colorHint = ""

  /// Reads TERM and COLORTERM.
  static var fromEnvironment: TerminalType {
    TerminalType(name: variable("TERM"), colorHint: variable("COLORTERM"))
  }

  /// Whether the terminal declares that it cannot be drawn on.
  var isDumb: Bool { name == "dumb" }

  /// The terminfo entries to try, best first.
  ///
  /// A terminal with `TERM=xterm` and COLORTERM for 24-bit colour has at least 256.
  var candidates: [String] {
    let own = name.isEmpty || (name == "xterm" && hasTruecolor) ? [] : [name]
    return own + ["xterm-256color", "xterm", "vt100"].filter { $0 != name || own.isEmpty }
  }

  /// Whether COLORTERM announces 24-bit colour.
  var hasTruecolor: Bool { colorHint == "truecolor" || colorHint == "24bit" }

  /// Whether the terminal supports or ignores xterm's private modes (mouse, paste, synchronized
  /// output) and window operations.
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
