import Cells
import Glibc

@testable import CursesTerminal

/// A screen open on a pty, and the terminal that reads it.
@MainActor
struct Scene {
  let pty: PseudoTerminal
  let screen: CursesScreen
  var terminal: TinyTerminal

  /// The last bytes of each frame: the end of synchronized output.
  static let frameEnd = "\u{1B}[?2026l"

  init(
    rows: Int = 24, columns: Int = 80, term: String = "xterm-256color", colorHint: String = "",
    depth: ColorDepth? = nil,
    locale: String = "C.UTF-8", widths: @escaping (Unicode.Scalar) -> Int = { TextWidth.columns(of: $0) }
  ) throws {
    setenv("LC_ALL", locale, 1)
    pty = try PseudoTerminal(rows: UInt16(rows), columns: UInt16(columns))
    screen = try CursesScreen(
      input: pty.slave, output: pty.slave, depth: depth, type: TerminalType(name: term, colorHint: colorHint))
    terminal = TinyTerminal(height: rows, width: columns, columns: widths)
  }

  /// Shows a grid and lets the terminal read the frame.
  mutating func show(_ grid: Grid) {
    screen.show(grid)
    terminal.feed(pty.read(until: Self.frameEnd))
  }

  /// Types a text and gives the keys that come of it, at least as many as asked for.
  func keys(of text: String, count: Int) -> [Key] {
    pty.type(text)
    var keys: [Key] = []
    while keys.count < count, pty.waitForInput() { keys += screen.readKeys() }
    return keys
  }
}
