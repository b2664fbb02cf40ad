import Cells
import Glibc
import Testing

@testable import CursesTerminal

@Suite(.serialized) @MainActor struct CursesColorTests {
  private static func colorful(_ count: Int) -> Grid {
    var grid = Grid(height: 24, width: 80)
    for index in 0..<min(count, 24 * 80) {
      let style = Style(
        foreground: .indexed(UInt8(index / 9 % 8)),
        background: index % 9 == 0 ? .standard : .indexed(UInt8(index % 9 - 1)))
      grid.write("x", row: index / 80, column: index % 80, style: style)
    }
    return grid
  }

  @Test(
    arguments: [
      ("xterm-256color", nil, .indexed256), ("xterm-256color", .mono, .mono), ("xterm-256color", .sixteen, .sixteen),
      ("xterm-256color", .truecolor, .indexed256), ("xterm", nil, .eight), ("linux", nil, .eight),
      ("vt100", nil, .mono),
    ] as [(String, ColorDepth?, ColorDepth)])
  func `the depth is what the terminal has and the caller allows`(
    term: String, allowed: ColorDepth?, depth: ColorDepth
  ) throws {
    #expect(try Scene(term: term, depth: allowed).screen.colorDepth == depth)
  }

  @Test func `without colours none is sent, but attributes are`() throws {
    var scene = try Scene(depth: .mono)
    var grid = Self.colorful(72)
    grid.write("bold", row: 5, column: 0, style: Style(foreground: .rgb(1, 2, 3), attributes: .bold))
    scene.show(grid)
    #expect(scene.terminal.styleParameters.contains(1))
    #expect(scene.terminal.styleParameters.isDisjoint(with: Set(30...38).union(40...48)))
  }

  @Test func `24-bit colours go to the fixed part of the palette`() throws {
    let scene = try Scene()
    var grid = Grid(height: 24, width: 80)
    grid.write("x", row: 0, column: 0, style: Style(foreground: .rgb(255, 0, 0)))
    scene.screen.show(grid)
    #expect(scene.pty.read(until: Scene.frameEnd).contains("38;5;196m"))
  }

  @Test func `24-bit colours are sent as they are where COLORTERM promises them`() throws {
    let scene = try Scene(colorHint: "truecolor")
    #expect(scene.screen.colorDepth == .truecolor)
    #expect(getenv("TERMINFO") == nil)
    var grid = Grid(height: 24, width: 80)
    grid.write("a", row: 0, column: 0, style: Style(foreground: .rgb(255, 128, 7), background: .rgb(0, 0, 9)))
    grid.write("b", row: 1, column: 0, style: Style(foreground: .indexed(3), background: .indexed(12)))
    grid.write("c", row: 2, column: 0, style: Style(foreground: .indexed(200), background: .standard))
    scene.screen.show(grid)
    let frame = scene.pty.read(until: Scene.frameEnd)
    for part in ["38;2;255;128;7m", "48;2;0;1;9m", "[33m", "[104m", "38;5;200m"] {
      #expect(frame.contains(part), "\(part) in \(frame.debugDescription)")
    }
  }

  @Test(arguments: ["xterm-256color", "tmux-256color", "screen-256color", "xterm"])
  func `with 24-bit colours the screen is the same`(term: String) throws {
    var scene = try Scene(term: term, colorHint: "truecolor")
    var grid = Grid(height: 24, width: 80)
    grid.box(grid.bounds, style: Style(foreground: .rgb(1, 2, 3)), title: "漢 ❤")
    scene.show(grid)
    #expect(scene.terminal.plainText == grid.plainText)
    #expect(scene.terminal.unknown.isEmpty)
    #expect(scene.keys(of: "\u{1B}OA\u{1B}[5~q", count: 3) == [.named(.up), .named(.pageUp), .character("q")])
  }

  @Test func `a caller who wants fewer colours gets them`() throws {
    #expect(try Scene(colorHint: "truecolor", depth: .indexed256).screen.colorDepth == .indexed256)
    #expect(try Scene(colorHint: "truecolor", depth: .mono).screen.colorDepth == .mono)
    #expect(try Scene(term: "linux", colorHint: "truecolor").screen.colorDepth == .eight)
  }

  @Test func `more pairs than the terminal has cost colours, not text`() throws {
    var scene = try Scene(term: "xterm")
    scene.show(Self.colorful(72))
    #expect(scene.terminal.plainText == Self.colorful(72).plainText)
  }

  @Test func `pairs of earlier frames are taken back when they run out`() throws {
    var scene = try Scene(term: "xterm")
    for foreground in UInt8(0)..<8 {
      var grid = Grid(height: 24, width: 80)
      for background in UInt8(0)..<8 {
        let style = Style(foreground: .indexed(foreground), background: .indexed(background))
        grid.write("x", row: 0, column: Int(background), style: style)
      }
      scene.screen.show(grid)
      let frame = scene.pty.read(until: Scene.frameEnd)
      #expect((0..<8).allSatisfy { frame.contains("4\($0)m") || frame.contains("4\($0);") }, "\(foreground)")
      scene.terminal.feed(frame)
      #expect(scene.terminal.plainText == grid.plainText)
    }
  }

  @Test func `a flood of colours is bounded`() throws {
    var scene = try Scene()
    for frame in 0..<8 {
      var grid = Grid(height: 24, width: 80)
      for index in 0..<24 * 80 {
        let style = Style(foreground: .rgb(UInt8(index % 256), UInt8(index / 8), UInt8(frame)))
        grid.write("x", row: index / 80, column: index % 80, style: style)
      }
      scene.show(grid)
      #expect(scene.terminal.plainText == grid.plainText)
    }
  }
}
