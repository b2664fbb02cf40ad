import Cells
import Testing

@testable import CursesTerminal

@Suite(.serialized) @MainActor struct TerminalTypeTests {
  @Test(arguments: [
    ("foot", "", ["foot", "xterm-256color", "xterm", "vt100"]), ("", "", ["xterm-256color", "xterm", "vt100"]),
    ("xterm", "", ["xterm", "xterm-256color", "vt100"]), ("xterm", "truecolor", ["xterm-256color", "xterm", "vt100"]),
    ("xterm-256color", "24bit", ["xterm-256color", "xterm", "vt100"]),
  ])
  func `an unknown type has others to fall back to`(name: String, hint: String, candidates: [String]) {
    #expect(TerminalType(name: name, colorHint: hint).candidates == candidates)
  }

  @Test func `an unknown type opens as what is installed`() throws {
    #expect(try Scene(term: "no-such-terminal").screen.colorDepth == .indexed256)
  }

  @Test func `a dumb terminal is refused with a sentence`() throws {
    let pty = try PseudoTerminal()
    let found = pty.modes
    #expect(throws: TerminalError.incapable("dumb")) { try Scene(term: "dumb") }
    #expect(TerminalError.incapable("dumb").description.hasSuffix("."))
    #expect(pty.modes == found)
  }

  @Test func `a stream that is not a terminal is refused`() throws {
    let pty = try PseudoTerminal()
    #expect(throws: TerminalError.notATerminal) {
      try CursesScreen(input: pty.slave, output: 9999, depth: nil, type: TerminalType(name: "xterm"))
    }
  }

  @Test func `a second screen is refused and the first goes on`() throws {
    var scene = try Scene()
    #expect(throws: TerminalError.unavailable) { try Scene() }
    scene.show(.init(height: 24, width: 80))
    #expect(scene.terminal.unknown.isEmpty)
  }
}
