/// Why no screen could be opened; its description is one sentence for the user.
public enum TerminalError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Input or output is a file or a pipe.
  case notATerminal
  /// terminfo knows neither this type nor any that is tried instead.
  case unknownType(String)
  /// The terminal cannot move its cursor, like `TERM=dumb`.
  case incapable(String)
  /// There is a screen already, or no memory or descriptor for one.
  case unavailable

  /// The sentence.
  public var description: String {
    switch self {
    case .notATerminal:
      "The monitor needs a terminal for its input and output; use --headless to run without one."
    case .unknownType(let name):
      "No description of the terminal type “\(name)” is installed, nor one of xterm or vt100; install ncurses-base or set TERM."
    case .incapable(let name):
      "The terminal type “\(name)” cannot place text on the screen; set TERM to what your terminal is, or use --headless."
    case .unavailable:
      "The screen is in use already, or there is no descriptor left for it."
    }
  }
}
