import Cells
import Testing

@testable import BoxwatchUI

@Suite struct KeymapTests {
  @Test func `no key means two things in one place`() {
    #expect(Keymap.standard.conflicts() == [])
  }

  @Test func `a conflict is found, in a scope and across a chain`() {
    let one = Binding([.character("a")], .help, in: .main, "one")
    let two = Binding([.character("a"), .character("b")], .quit, in: .main, "two")
    let front = Binding([.character("b")], .nextMatch, in: .search, "front")
    let found = Keymap(bindings: [one, two, front]).conflicts()
    #expect(found.contains(Keymap.Conflict(key: .character("a"), scope: .main, commands: [.help, .quit])))
    #expect(found.contains(Keymap.Conflict(key: .character("b"), scope: .search, commands: [.nextMatch, .quit])))
  }

  @Test func `a scope in front may shadow when it says so`() {
    #expect(Keymap.standard.command(for: .character("n"), in: .main) == .start)
    #expect(Keymap.standard.command(for: .character("n"), in: .search) == .nextMatch)
    #expect(Keymap.standard.command(for: .character("j"), in: .search) == .down)
  }

  @Test func `the help page lists every binding with all its keys`() {
    let page = HelpPage.lines(.standard)
    for binding in Keymap.standard.bindings where !Scope.ofLab.contains(binding.scope) {
      if case .select = binding.command { continue }
      let keys = binding.keys.map(\.label).joined(separator: " ")
      #expect(page.contains(.binding(keys: keys, help: binding.help)), "\(binding.help)")
      #expect(!binding.help.isEmpty && !keys.isEmpty)
    }
    #expect(page.contains(.binding(keys: "1-9", help: "select the execution of that number")))
  }

  @Test func `the standard keys are bound`() {
    let main: [(Key, Command)] = [
      (.character("v"), .toggleArrangement), (.character("z"), .toggleZoom), (.named(.tab), .focusNext),
      (.named(.backTab), .focusPrevious), (.character("f"), .toggleFollow), (.character("F"), .toggleFollow),
      (.character("j"), .down), (.character("k"), .up), (.control("d"), .halfPageDown), (.control("u"), .halfPageUp),
      (.named(.pageUp), .pageUp), (.named(.pageDown), .pageDown), (.character(" "), .pageDown),
      (.character("b"), .pageUp), (.character("g"), .top), (.character("G"), .bottom), (.named(.home), .top),
      (.named(.end), .bottom), (.character("w"), .toggleWrap), (.character("x"), .signal),
      (.character("K"), .forceClose), (.character("i"), .input), (.character("?"), .help), (.character("q"), .quit),
      (.control("c"), .quit), (.control("z"), .suspend), (.control("l"), .redraw), (.character("/"), .search),
      (.character("n"), .start), (.character("9"), .select(9)), (.character("h"), .left), (.character("$"), .lineEnd),
    ]
    for (key, command) in main { #expect(Keymap.standard.command(for: key, in: .main) == command, "\(key.label)") }
    #expect(Keymap.standard.command(for: .control("d"), in: .inputLine) == .endOfInput)
  }
}
