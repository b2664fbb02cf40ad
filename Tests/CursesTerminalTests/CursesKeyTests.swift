import Cells
import TestSupport
import Testing

@testable import CursesTerminal

@Suite(.serialized) @MainActor struct CursesKeyTests {
  @Test(
    arguments: [
      ("a", [.character("a")]), ("漢é", [.character("漢"), .character("é")]), (" ", [.character(" ")]),
      ("\u{3}", [.control("c")]), ("\u{1A}", [.control("z")]), ("\u{13}\u{11}", [.control("s"), .control("q")]),
      ("\u{0}", [.control(" ")]), ("\u{1C}", [.control("\\")]), ("\u{1D}", [.control("]")]), ("\r", [.named(.enter)]),
      ("\t", [.named(.tab)]), ("\u{7F}", [.named(.backspace)]), ("\u{1B}", [.named(.escape)]),
      ("\u{1B}x", [.alt("x")]), ("\u{1B}é", [.alt("é")]), ("\u{1B}[", [.alt("[")]), ("\u{1B}OA", [.named(.up)]),
      ("\u{1B}OB\u{1B}OC\u{1B}OD", [.named(.down), .named(.right), .named(.left)]),
      ("\u{1B}OH\u{1B}OF", [.named(.home), .named(.end)]),
      ("\u{1B}[5~\u{1B}[6~", [.named(.pageUp), .named(.pageDown)]),
      ("\u{1B}[2~\u{1B}[3~", [.named(.insert), .named(.delete)]), ("\u{1B}[Z", [.named(.backTab)]),
      ("\u{1B}OP\u{1B}[15~\u{1B}[24~", [.named(.f1), .named(.f5), .named(.f12)]),
      ("\u{1B}[999zq", [.character("q")]), ("\u{1B}[I\u{1B}[Oq", [.character("q")]),
      ("\u{1B}[200~two\rlines\u{1B}[201~", [.paste("two\nlines")]), ("\u{1B}[200~\u{1B}[201~", [.paste("")]),
    ] as [(String, [Key])])
  func `what the terminal sends becomes keys`(bytes: String, keys: [Key]) throws {
    let scene = try Scene()
    #expect(scene.keys(of: bytes, count: keys.count) == keys)
    #expect(scene.screen.readKeys().isEmpty)
  }

  @Test(
    arguments: [
      ("\u{1B}[<0;3;2M", [.mouse(.press, row: 1, column: 2)]),
      ("\u{1B}[<0;3;2m", [.mouse(.release, row: 1, column: 2)]),
      (
        "\u{1B}[<64;1;1M\u{1B}[<65;300;200M",
        [.mouse(.wheelUp, row: 0, column: 0), .mouse(.wheelDown, row: 199, column: 299)]
      ),
      ("\u{1B}[<0;9;9M\u{1B}[<0;9;9M", [.mouse(.press, row: 8, column: 8), .mouse(.doublePress, row: 8, column: 8)]),
      ("\u{1B}[<2;1;1Mq", [.character("q")]), ("\u{1B}[<32;1;1Mq", [.character("q")]),
      ("\u{1B}[<0;0;0Mq", [.character("q")]),
      ("\u{1B}[<99999999999999;1;1Mq", [.character("q")]),
    ] as [(String, [Key])])
  func `the mouse comes with its place`(bytes: String, keys: [Key]) throws {
    let scene = try Scene()
    scene.screen.isMouseOn = true
    let read = scene.keys(of: bytes, count: keys.count)
    #expect(read.suffix(keys.count) == keys[...])
  }

  @Test func `the mouse is turned on and off`() throws {
    var scene = try Scene()
    scene.screen.isMouseOn = true
    scene.terminal.feed(scene.pty.read(until: "\u{1B}[?1006h"))
    #expect(scene.terminal.modes.isSuperset(of: [1000, 1006]))
    scene.screen.isMouseOn = false
    scene.terminal.feed(scene.pty.read(until: "\u{1B}[?1006l"))
    #expect(scene.terminal.modes.isDisjoint(with: [1000, 1006]))
  }

  @Test func `any bytes become keys without a trap or a wait`() throws {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededGenerator(seed: seed)
    let scene = try Scene()
    let pieces = ["\u{1B}", "[", "<", "0", ";", "M", "O", "\u{9B}", "漢", "~", "200", "q", "\u{0}", "\r"]
    for _ in 0..<50 {
      let text = (0..<8).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
      for key in scene.keys(of: text, count: 1) {
        if case .character(let character) = key {
          #expect(character.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }, "seed \(seed)")
        }
      }
    }
  }
}
