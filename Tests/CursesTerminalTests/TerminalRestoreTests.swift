import Cells
import Glibc
import Testing

@testable import CursesTerminal

@Suite(.serialized) @MainActor struct TerminalRestoreTests {
  /// What must be off or back when the terminal is the user's again, in the order that it must be sent.
  private static let restoring = [
    "\u{1B}[?1000l", "\u{1B}[?1002l", "\u{1B}[?1003l", "\u{1B}[?1006l", "\u{1B}[?1004l", "\u{1B}[?2004l",
    "\u{1B}[?2026l",
    "\u{1B}[?25h", "\u{1B}[?1049l",
  ]

  private static func expectRestored(_ output: String, sourceLocation: SourceLocation = #_sourceLocation) {
    var rest = output[...]
    for sequence in restoring {
      guard let range = rest.firstRange(of: sequence) else {
        Issue.record(
          "no \(sequence.dropFirst()) in order in \(output.debugDescription)", sourceLocation: sourceLocation)
        return
      }
      rest = rest[range.upperBound...]
    }
  }

  @Test func `closing gives the terminal back as it was found, once`() throws {
    let scene = try Scene()
    let screen = scene.screen
    let open = scene.pty.modes
    screen.isMouseOn = true
    screen.show(Grid(height: 24, width: 80))
    _ = scene.pty.readAvailable()
    screen.close()
    #expect(scene.pty.modes != open)
    #expect(scene.pty.modes == (try PseudoTerminal().modes))
    Self.expectRestored(scene.pty.readAvailable())
    screen.close()
    screen.show(Grid(height: 24, width: 80))
    #expect(screen.readKeys().isEmpty && screen.size == (0, 0))
    #expect(scene.pty.readAvailable().isEmpty)
  }

  @Test func `releasing the screen closes it`() throws {
    let pty = try PseudoTerminal()
    let found = pty.modes
    var screen: CursesScreen? = try CursesScreen(
      input: pty.slave, output: pty.slave, depth: nil, type: TerminalType(name: "xterm-256color"))
    #expect(pty.modes != found && screen != nil)
    screen = nil
    #expect(pty.modes == found)
  }

  @Test func `suspending gives it back and resuming takes it again`() throws {
    var scene = try Scene()
    let open = scene.pty.modes
    var grid = Grid(height: 24, width: 80)
    grid.write("still here", row: 3, column: 0)
    scene.show(grid)
    scene.screen.isMouseOn = true
    scene.screen.suspend()
    #expect(scene.pty.modes == (try PseudoTerminal().modes))
    Self.expectRestored(scene.pty.readAvailable())
    scene.screen.show(Grid(height: 24, width: 80))
    #expect(scene.pty.readAvailable().isEmpty)
    scene.screen.resume()
    #expect(scene.pty.modes == open)
    scene.terminal = TinyTerminal(height: 24, width: 80) { TextWidth.columns(of: $0) }
    scene.terminal.feed(scene.pty.readAvailable())
    scene.show(grid)
    #expect(scene.terminal.plainText == grid.plainText)
    #expect(scene.terminal.modes.isSuperset(of: [1049, 1000, 1006, 2004]))
  }

  @Test func `it can be given back from anywhere, once`() throws {
    let scene = try Scene()
    scene.screen.isMouseOn = true
    _ = scene.pty.readAvailable()
    CursesScreen.restoreTerminal()
    #expect(scene.pty.modes == (try PseudoTerminal().modes))
    Self.expectRestored(scene.pty.readAvailable())
    CursesScreen.restoreTerminal()
    #expect(scene.pty.readAvailable().isEmpty)
  }

  @Test func `keys still come after suspending`() throws {
    let scene = try Scene()
    scene.screen.suspend()
    scene.screen.resume()
    #expect(scene.keys(of: "\u{1B}OA\u{3}", count: 2) == [.named(.up), .control("c")])
  }

  @Test func `curses takes no signal`() throws {
    let before = [SIGINT, SIGTERM, SIGTSTP, SIGWINCH].map(Self.handler)
    let scene = try Scene()
    scene.screen.show(Grid(height: 24, width: 80))
    #expect([SIGINT, SIGTERM, SIGTSTP, SIGWINCH].map(Self.handler) == before)
  }

  private static func handler(of number: Int32) -> UInt {
    var action = sigaction()
    sigaction(number, nil, &action)
    return withUnsafeBytes(of: action.__sigaction_handler) { $0.load(as: UInt.self) }
  }
}
