import Glibc

/// What standard input and output are connected to.
enum Terminal {
  /// Whether a monitor can be shown: both are terminals, and not a dumb one.
  static var isInteractive: Bool {
    isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 && Environment["TERM"] != "dumb"
  }

  /// How many columns the terminal behind a descriptor has; nil when it is none or does not say.
  static func columns(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}
