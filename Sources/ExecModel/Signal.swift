/// A signal, by Linux's number (signal(7), x86 and ARM).
public struct Signal: Hashable, Sendable {
  /// The number, 1 to 64.
  public let number: Int32

  /// Makes a signal from a number, which is not checked; see ``isValid``.
  public init(number: Int32) { self.number = number }

  /// SIGHUP.
  public static let hangUp = Signal(number: 1)
  /// SIGINT, sent by Ctrl-C.
  public static let interrupt = Signal(number: 2)
  /// SIGQUIT, sent by Ctrl-\.
  public static let quit = Signal(number: 3)
  /// SIGKILL, which cannot be caught.
  public static let kill = Signal(number: 9)
  /// SIGPIPE: a write to a pipe without a reader.
  public static let pipe = Signal(number: 13)
  /// SIGTERM.
  public static let terminate = Signal(number: 15)

  private static let names = [
    "HUP", "INT", "QUIT", "ILL",
    "TRAP", "ABRT", "BUS", "FPE",
    "KILL", "USR1", "SEGV", "USR2",
    "PIPE", "ALRM", "TERM", "STKFLT",
    "CHLD", "CONT", "STOP", "TSTP",
    "TTIN", "TTOU", "URG", "XCPU",
    "XFSZ", "VTALRM", "PROF", "WINCH",
    "IO", "PWR", "SYS",
  ]

  /// The standard signals, 1 to 31.
  public static let all: [Signal] = (1...31).map(Signal.init(number:))

  /// Whether Linux has a signal with this number.
  public var isValid: Bool { (1...64).contains(number) }

  /// The name with its prefix, such as `SIGTERM`; `signal 40` for a signal without a name.
  public var name: String {
    (1...31).contains(number) ? "SIG" + Self.names[Int(number) - 1] : "signal \(number)"
  }

  /// Parses `TERM`, `SIGTERM`, `term` or `15`; nil for any other text.
  public init?(text: String) {
    if let number = Int32(text) {
      self.init(number: number)
      guard isValid else { return nil }
      return
    }
    let upper = text.uppercased()
    let bare = upper.hasPrefix("SIG") ? String(upper.dropFirst(3)) : upper
    guard let index = Self.names.firstIndex(of: bare) else { return nil }
    self.init(number: Int32(index) + 1)
  }
}
