import Glibc

/// What standard input and output are connected to.
enum Terminal {
  /// Whether a monitor can be shown: both are terminals, and not a dumb one.
  static var isInteractive: Bool {
    isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 && Environment["TERM"] != "dumb"
  }
}
