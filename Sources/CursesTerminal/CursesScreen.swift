internal import CNCurses
public import Cells
internal import Glibc

/// Why no screen could be opened, as one sentence for the user.
public enum TerminalError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Input or output is a file or a pipe.
  case notATerminal
  /// terminfo has no entry for this type or for any of the fallbacks.
  case unknownType(String)
  /// The terminal cannot move its cursor, such as `TERM=dumb`.
  case incapable(String)
  /// A screen is already open, or there is no memory or descriptor for one.
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

/// The terminal as a screen that shows grids and a keyboard that delivers keys; all use of curses
/// is in this type.
///
/// One can be open at a time. While it is open the terminal is in raw mode: Ctrl-C, Ctrl-Z, Ctrl-S
/// and Ctrl-Q arrive as keys. Curses handles no signals: the owner of SIGWINCH calls ``resize()``,
/// the owner of SIGTERM calls ``close()``. On a crash and on exit(3) the terminal is restored
/// automatically.
@MainActor
public final class CursesScreen {
  /// Whether the terminal's character set is UTF-8; without it borders must be ASCII, and a
  /// character that the set lacks is shown as `?`.
  public let isUTF8: Bool
  /// The number of colours used: at most the terminal's, by terminfo and COLORTERM.
  public let colorDepth: ColorDepth
  /// Whether mouse events are enabled; while they are, the terminal's own text selection is not
  /// available.
  public var isMouseOn = false {
    didSet { if isMouseOn != oldValue { sendMouseMode() } }
  }

  /// Whether the last ``readKeys()`` read anything from the terminal.
  public private(set) var hasReadInput = false

  private let isXterm: Bool
  private var state = State.open
  private var shown: Grid?
  private var painter: CellPainter
  private var reader = KeyReader()
  private var row: [cn_cell] = []

  private enum State {
    /// The terminal is in use.
    case open
    /// The terminal is given back until ``CursesScreen/resume()``.
    case suspended
    /// The terminal is given back for good.
    case closed
  }

  /// Opens the screen.
  ///
  /// An unknown TERM is treated as xterm-256color, xterm or vt100, whichever is installed.
  ///
  /// - Parameters:
  ///   - input: a descriptor of the terminal to read from.
  ///   - output: a descriptor of the terminal to write to.
  ///   - depth: the maximum number of colours; `mono` for NO_COLOR, nil for what the terminal
  ///     supports.
  /// - Throws: ``TerminalError``; the terminal is unchanged then.
  public convenience init(input: Int32 = 0, output: Int32 = 1, depth: ColorDepth? = nil) throws(TerminalError) {
    try self.init(input: input, output: output, depth: depth, type: .fromEnvironment)
  }

  init(input: Int32, output: Int32, depth: ColorDepth?, type: TerminalType) throws(TerminalError) {
    guard isatty(input) == 1, isatty(output) == 1 else { throw .notATerminal }
    if type.isDumb { throw .incapable(type.name) }
    isUTF8 = cn_set_locale()
    isXterm = type.isXterm
    let isDirect = type.isXterm && type.hasTruecolor && depth ?? .truecolor == .truecolor
    try Self.open(type, input, output, isDirect: isDirect)
    colorDepth = min(depth ?? .truecolor, Self.depth(ofCount: cn_color_count()))
    painter = CellPainter(depth: colorDepth, pairLimit: Int32(clamping: cn_pair_count()))
  }

  isolated deinit { close() }

  /// The current number of rows and columns.
  public var size: (height: Int, width: Int) {
    guard state != .closed else { return (0, 0) }
    var rows: Int32 = 0
    var columns: Int32 = 0
    cn_size(&rows, &columns)
    return (Int(rows), Int(columns))
  }

  /// Shows a grid; only the differences from the previous grid are sent.
  ///
  /// A grid of another size than ``size`` is cut, or leaves the rest of the screen unchanged.
  public func show(_ grid: Grid) {
    if make(grid) { send() }
  }

  /// Produces the bytes that show a grid; false when there is nothing to send.
  ///
  /// The next call must be ``send()``.
  package func make(_ grid: Grid) -> Bool {
    guard state == .open else { return false }
    var changes = grid.changes(since: shown)
    if changes.isEmpty, grid.cursor == shown?.cursor { return false }
    if !put(changes, of: grid) {
      // The pairs ran out. Redrawing the whole frame frees the pairs of earlier frames.
      painter.startAnew()
      changes = grid.changes(since: nil)
      _ = put(changes, of: grid)
    }
    cn_end_frame(Int32(clamping: grid.cursor?.row ?? -1), Int32(clamping: grid.cursor?.column ?? -1))
    shown = grid
    return true
  }

  /// Sends the produced bytes; blocks while the terminal is slower.
  package func send() { cn_send_frame() }

  /// Returns the keys that have arrived; does not block, except up to 25 ms within an incomplete
  /// escape sequence.
  public func readKeys() -> [Key] {
    guard state == .open else { return [] }
    hasReadInput = false
    return reader.read(now: .now) {
      let event = cn_read()
      if event.kind != Int32(CN_EVENT_NONE.rawValue) { hasReadInput = true }
      return event
    }
  }

  /// Adopts the terminal's size after SIGWINCH; true when it has changed and a frame is due.
  @discardableResult
  public func resize() -> Bool {
    guard state == .open, cn_resize() else { return false }
    shown = nil
    return true
  }

  /// Makes the next frame redraw everything, for Ctrl-L.
  public func redraw() {
    guard state == .open else { return }
    cn_invalidate()
    shown = nil
  }
}

extension CursesScreen {
  /// Restores the terminal as it was found, until ``resume()``.
  public func suspend() {
    guard state == .open else { return }
    setMouse(false)
    cn_suspend()
    state = .suspended
  }

  /// Whether the screen is suspended.
  public var isSuspended: Bool { state == .suspended }

  /// Takes the terminal again; the next frame redraws everything at the terminal's current size.
  ///
  /// While another process group is in the foreground, as after a shell's `bg`, it does nothing:
  /// setting the terminal's modes would stop this process (SIGTTOU, termios(3)), even when a signal
  /// that ends it is pending.
  public func resume() {
    guard state == .suspended, cn_is_foreground() else { return }
    cn_resume()
    state = .open
    sendMouseMode()
    cn_resize()
    shown = nil
  }

  /// Stops the program as Ctrl-Z does, and takes the terminal again when it is continued in the
  /// foreground.
  ///
  /// In an orphaned process group, such as a multiplexer's only program, the kernel ignores the
  /// stop and this returns at once.
  public func stopProcess() {
    suspend()
    var unblocked = sigset_t()
    var before = sigset_t()
    sigemptyset(&unblocked)
    sigaddset(&unblocked, SIGTSTP)
    let handler = signal(SIGTSTP, SIG_DFL)
    pthread_sigmask(SIG_UNBLOCK, &unblocked, &before)
    kill(0, SIGTSTP)
    pthread_sigmask(SIG_SETMASK, &before, nil)
    signal(SIGTSTP, handler)
    resume()
  }

  /// Restores the terminal for good; a second call does nothing.
  public func close() {
    guard state != .closed else { return }
    if state == .open { setMouse(false) }
    cn_close()
    state = .closed
  }

  /// Restores the terminal from any thread or from a signal handler, once, just before the process
  /// ends.
  ///
  /// It only writes and sets modes; the screen's state is not updated.
  public nonisolated static func restoreTerminal() { terminal_guard_restore() }

  /// Sets the title of the terminal's window; the previous title is restored when the screen
  /// closes.
  ///
  /// At most 200 columns, control characters made visible: a title may contain untrusted text of a
  /// command.
  public func setTitle(_ title: String) {
    guard state == .open, isXterm else { return }
    send("\u{1B}]2;\(SafeText.elided(title, to: 200))\u{1B}\\")
  }
}

extension CursesScreen {
  /// Copies a text to the terminal's clipboard (OSC 52, XTerm Control Sequences), where the
  /// terminal allows it.
  ///
  /// Only for text that the user asked to copy. The text is passed as base64, so that it cannot end
  /// the sequence; anything other than base64 is not sent.
  public func setClipboard(base64: String) {
    let isBase64 = base64.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="): true
      default: false
      }
    }
    guard state == .open, isXterm, isBase64 else { return }
    send("\u{1B}]52;c;\(base64)\u{1B}\\")
  }

  private static func open(
    _ type: TerminalType, _ input: Int32, _ output: Int32, isDirect: Bool
  ) throws(TerminalError) {
    for name in type.candidates {
      switch cn_open_result(UInt32(cn_open(name, input, output, type.isXterm, isDirect))) {
      case CN_OPEN_OK: return
      case CN_OPEN_UNKNOWN: continue
      case CN_OPEN_INCAPABLE: throw .incapable(name)
      default: throw .unavailable
      }
    }
    throw .unknownType(type.name)
  }

  private static func depth(ofCount count: Int32) -> ColorDepth {
    switch count {
    case 0x100_0000...: .truecolor
    case 256...: .indexed256
    case 16...: .sixteen
    case 8...: .eight
    default: .mono
    }
  }

  /// Draws the changed rows; false when colour pairs were missing.
  private func put(_ changes: [Grid.Span], of grid: Grid) -> Bool {
    var isComplete = true
    for change in changes {
      let start = change.row * grid.width
      // A whole row, since glyphs drawn by position belong to their row; curses sends only the
      // differences.
      if !painter.paint(grid.cells[start..<start + grid.width], into: &row) { isComplete = false }
      cn_put_row(Int32(clamping: change.row), row, Int32(clamping: row.count))
    }
    return isComplete
  }

  private func sendMouseMode() {
    if state == .open { setMouse(isMouseOn) }
  }

  private func setMouse(_ isOn: Bool) {
    // Presses, releases and the wheel (1000), as unlimited decimal numbers (1006).
    if isXterm { send(isOn ? "\u{1B}[?1000h\u{1B}[?1006h" : "\u{1B}[?1000l\u{1B}[?1006l") }
  }

  private func send(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { cn_send($0.baseAddress, $0.count) }
    }
  }
}
