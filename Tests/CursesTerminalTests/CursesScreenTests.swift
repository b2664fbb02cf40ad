import Cells
import TestSupport
import Testing

@testable import CursesTerminal

@Suite(.serialized) @MainActor struct CursesScreenTests {
  private static func grid(_ lines: String..., height: Int = 24, width: Int = 80) -> Grid {
    var grid = Grid(height: height, width: width)
    for (row, line) in lines.enumerated() { grid.write(line, row: row, column: 0) }
    return grid
  }

  @Test func `the terminal shows the grid`() throws {
    var scene = try Scene()
    var grid = Self.grid("plain", "漢字 e\u{301} é", "└─┘ ●◐✔")
    grid.box(Rect(row: 4, column: 0, height: 20, width: 80), title: "to the last corner")
    scene.show(grid)
    #expect(scene.terminal.plainText == grid.plainText)
    #expect(scene.terminal.unknown.isEmpty)
  }

  @Test func `only what changed is sent, and nothing for an equal grid`() throws {
    var scene = try Scene()
    scene.show(Self.grid("first", "second"))
    scene.screen.show(Self.grid("first", "secund"))
    let change = scene.pty.read(until: Scene.frameEnd)
    #expect(change.contains("u") && !change.contains("first") && change.utf8.count < 40)
    scene.screen.show(Self.grid("first", "secund"))
    #expect(scene.pty.readAvailable().isEmpty)
  }

  @Test func `a frame is one piece for the terminal`() throws {
    let scene = try Scene()
    _ = scene.pty.readAvailable()
    scene.screen.show(Self.grid("x"))
    let frame = scene.pty.read(until: Scene.frameEnd)
    #expect(frame.hasPrefix("\u{1B}[?2026h") && frame.hasSuffix(Scene.frameEnd))
  }

  @Test func `after any grids in any order the terminal shows the last`() throws {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededGenerator(seed: seed)
    var scene = try Scene(rows: 6, columns: 20)
    let words = ["x", "word ", "漢", "字漢", "e\u{301}", "─", "     ", "0000000000", "क", "\u{1B}", "ｗ"]
    for step in 0..<400 {
      var grid = Grid(height: 6, width: 20)
      for row in 0..<6 where Bool.random(using: &random) {
        let text = (0..<8).map { _ in words.randomElement(using: &random) ?? "" }.joined()
        let color = Color.indexed(UInt8.random(in: 0...255, using: &random))
        grid.write(text, row: row, column: Int.random(in: 0..<20, using: &random), style: Style(background: color))
      }
      if Int.random(in: 0...20, using: &random) == 0 { scene.screen.redraw() }
      scene.show(grid)
      guard scene.terminal.plainText == grid.plainText, scene.terminal.unknown.isEmpty else {
        Issue.record(
          "seed \(seed), step \(step) \(scene.terminal.unknown)\n\(scene.terminal.plainText)\n--\n\(grid.plainText)")
        return
      }
    }
  }

  /// Emoji newer than the C library, U+FE0F forms and skin tones, in terminals that give them a column less or not.
  @Test(arguments: [1, 2]) func `a terminal that sees other widths shifts nothing`(width: Int) throws {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededGenerator(seed: seed)
    var scene = try Scene(rows: 4, columns: 24) {
      switch $0.value {
      case 0x1FAE9, 0x1F3FD: width
      // Taking a column of its own, it makes the glyph before it wide.
      case 0xFE0F: width - 1
      case 0x1F1E6...0x1F1FF: 1
      default: TextWidth.columns(of: $0)
      }
    }
    let glyphs = ["❤\u{FE0F}", "🇩🇪", "👍🏽", "\u{1FAE9}", "1\u{FE0F}\u{20E3}", "ab", "c", "     "]
    for step in 0..<200 {
      var grid = Grid(height: 4, width: 24)
      for row in 0..<4 where Bool.random(using: &random) {
        grid.write((0..<9).map { _ in glyphs.randomElement(using: &random) ?? "" }.joined(), row: row, column: 0)
      }
      scene.show(grid)
      for row in 0..<4 {
        for column in 0..<24 where grid[row, column].scalars[0] < 0x80 && grid[row, column].width == 1 {
          let shown = scene.terminal.cells[row][column]
          guard shown != grid[row, column].text else { continue }
          Issue.record(
            "seed \(seed), step \(step), row \(row), column \(column) \(shown)\n\(scene.terminal.plainText)\n--\n\(grid.plainText)"
          )
          return
        }
      }
    }
  }

  @Test func `a cell made by hand cannot carry a control to the terminal`() throws {
    var scene = try Scene()
    var grid = Self.grid("safe")
    for (column, value) in [0x1B, 0x9B, 0x202E, 0x200B, 0xE0041, 7, 0xD800, 0x110000].enumerated() {
      grid[1, column] = Cell(scalars: GlyphScalars(UInt32(value)), style: .plain, width: 1)
      grid[2, column] = Cell(scalars: GlyphScalars(0x61, UInt32(value)), style: .plain, width: 1)
    }
    grid[3, 79] = Cell(scalars: GlyphScalars(0x6F22), style: .plain, width: 2)
    scene.show(grid)
    #expect(scene.terminal.plainText.hasPrefix("safe\n????????\n????????\n"))
    #expect(scene.terminal.unknown.isEmpty)
  }

  @Test func `a grid of another size is cut`() throws {
    var scene = try Scene(rows: 3, columns: 8)
    scene.show(Self.grid("0123456789", "b", "c", "d", height: 9, width: 20))
    #expect(scene.terminal.plainText == "01234567\nb\nc")
    scene.show(Self.grid("x", height: 1, width: 1))
    #expect(scene.terminal.unknown.isEmpty)
  }

  @Test func `the cursor shows where the grid has it`() throws {
    var scene = try Scene()
    var grid = Self.grid("name: ")
    grid.cursor = Grid.Position(row: 0, column: 6)
    scene.screen.show(grid)
    scene.terminal.feed(scene.pty.read(until: "\u{1B}[?25h"))
    #expect(scene.terminal.row == 0 && scene.terminal.column == 6 && scene.terminal.modes.contains(25))
    grid.cursor = nil
    scene.screen.show(grid)
    scene.terminal.feed(scene.pty.read(until: "\u{1B}[?25l"))
    #expect(!scene.terminal.modes.contains(25))
  }

  @Test func `after a resize the grid of the new size is drawn whole`() throws {
    var scene = try Scene(rows: 10, columns: 30)
    scene.show(Self.grid("old", height: 10, width: 30))
    #expect(!scene.screen.resize())
    for (rows, columns) in [(5, 20), (50, 200), (1, 1), (20, 60)] {
      scene.pty.resize(rows: UInt16(rows), columns: UInt16(columns))
      #expect(scene.screen.resize())
      #expect(scene.screen.size == (rows, columns))
      let grid = Self.grid("new", "漢", height: rows, width: columns)
      scene.terminal = TinyTerminal(height: rows, width: columns) { TextWidth.columns(of: $0) }
      scene.show(grid)
      #expect(scene.terminal.plainText == grid.plainText, "\(rows)×\(columns)")
      #expect(scene.screen.readKeys().isEmpty)
    }
  }

  @Test func `a title is made safe and comes through`() throws {
    var scene = try Scene()
    scene.screen.setTitle("run \u{1B}]0;evil\u{7} 漢")
    scene.terminal.feed(scene.pty.read(until: "\u{1B}\\"))
    #expect(scene.terminal.titles == ["run ^[]0;evil^G 漢"])
  }

  @Test func `the clipboard is given what the user copies, and nothing else than base64`() throws {
    let scene = try Scene()
    for hostile in ["x\u{1B}]0;evil\u{7}", "a b", "YQ==\n", "é"] { scene.screen.setClipboard(base64: hostile) }
    scene.screen.setClipboard(base64: "bzFlMTp4")
    let sent = scene.pty.read(until: "\u{1B}\\")
    #expect(sent.hasSuffix("\u{1B}]52;c;bzFlMTp4\u{1B}\\") && !sent.contains("evil"))
    #expect(sent.split(separator: "]52;").count == 2)
  }

  @Test func `without UTF-8 only what the character set has is sent`() throws {
    var scene = try Scene(locale: "C")
    #expect(!scene.screen.isUTF8)
    scene.show(Self.grid("漢é─x"))
    #expect(scene.terminal.plainText.hasPrefix("? ??x\n"))
  }
}
