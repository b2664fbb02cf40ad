import Glibc

/// The terminals of standard input and output.
package enum Terminal {
  /// Whether a monitor can be shown: both are terminals, not dumb, and this process is in the
  /// foreground.
  package static var isInteractive: Bool { isThere && !isInBackground }

  private static var isThere: Bool {
    isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 && Environment["TERM"] != "dumb"
  }

  /// Whether another process group is in the foreground of standard input's terminal: this is a
  /// background job, or a program of a script (`timeout`) created a group of its own.
  ///
  /// A process that reads such a terminal or sets its modes is stopped (SIGTTIN, SIGTTOU,
  /// termios(3)).
  package static var isInBackground: Bool {
    let foreground = tcgetpgrp(STDIN_FILENO)
    return foreground >= 0 && foreground != getpgrp()
  }

  /// Whether a monitor can be shown; prints the reason when a user would expect one.
  package static func takesMonitor() -> Bool {
    guard isThere, isInBackground else { return isInteractive }
    Diagnostics.print(
      "this terminal is in use by another process group, so there is no screen: run in the foreground for it")
    return false
  }

  /// The terminal's width in columns; nil when the descriptor is not a terminal or the width is
  /// unknown.
  package static func columns(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}

/// Descriptors 0, 1 and 2, which the caller may have closed.
package enum StandardDescriptors {
  /// Opens closed standard descriptors, so that no journal or event queue gets their numbers and is
  /// mistaken for one of them.
  ///
  /// All are opened read-only: a closed input reads end of file, and a write to a closed output
  /// fails.
  package static func fill() {
    while true {
      let descriptor = open("/dev/null", O_RDONLY)
      guard descriptor > STDERR_FILENO || descriptor < 0 else { continue }
      if descriptor >= 0 { close(descriptor) }
      return
    }
  }
}

/// The character set of the locale.
package enum LocaleCharacters {
  /// Whether the locale's character set is UTF-8 (nl_langinfo(3)).
  package static var areUnicode: Bool {
    setlocale(LC_CTYPE, "")
    guard let name = nl_langinfo(nl_item(CODESET)) else { return false }
    return ["UTF-8", "UTF8", "utf-8", "utf8"].contains(String(cString: name))
  }
}

/// boxwatch's own environment.
package enum Environment {
  /// A variable's value; nil when unset or empty, which the XDG specification and NO_COLOR treat
  /// alike.
  package static subscript(name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }
}
