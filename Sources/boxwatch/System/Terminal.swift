import Glibc

/// What standard input and output are connected to.
enum Terminal {
  /// Whether a monitor can be shown: both are terminals, not a dumb one, and ours to use.
  static var isInteractive: Bool { isThere && !isInBackground }

  private static var isThere: Bool {
    isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 && Environment["TERM"] != "dumb"
  }

  /// Whether the terminal of standard input is used by another process group: a background job, or a program of a script
  /// (`timeout`) that made a group of its own.
  ///
  /// Who reads such a terminal or sets its modes is stopped for it (SIGTTIN, SIGTTOU, termios(3)).
  static var isInBackground: Bool {
    let foreground = tcgetpgrp(STDIN_FILENO)
    return foreground >= 0 && foreground != getpgrp()
  }

  /// Whether a monitor can be shown; says why not where a person would expect one.
  static func takesMonitor() -> Bool {
    guard isThere, isInBackground else { return isInteractive }
    Diagnostics.print(
      "this terminal is in use by another process group, so there is no screen: run in the foreground for it")
    return false
  }

  /// How many columns the terminal behind a descriptor has; nil when it is none or does not say.
  static func columns(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}

/// Descriptors 0, 1 and 2, which a caller may have closed.
enum StandardDescriptors {
  /// Opens those that are closed, so that no journal or event queue gets their numbers and is taken for one of them.
  ///
  /// All for reading only: a closed input is at its end, and a write to a closed output fails as it should.
  static func fill() {
    while true {
      let descriptor = open("/dev/null", O_RDONLY)
      guard descriptor > STDERR_FILENO || descriptor < 0 else { continue }
      if descriptor >= 0 { close(descriptor) }
      return
    }
  }
}
