import Cells
import Testing
import Widgets

@testable import BoxwatchUI

@Suite struct KeymapTests {
  @Test func `no key means two things in one place`() {
    #expect(Keymap.standard.conflicts() == [])
  }

  @Test func `a key in front takes precedence, and the others mean what they mean behind`() {
    #expect(Keymap.standard.main.command(for: .character("n")) == .start)
    #expect(Keymap.standard.search.command(for: .character("n")) == .nextMatch)
    #expect(Keymap.standard.search.command(for: .character("j")) == .main(.move(.down)))
    #expect(Keymap.standard.boxPicker.command(for: .named(.enter)) == .take)
    #expect(Keymap.standard.boxPicker.command(for: .named(.up)) == .move(.up))
  }

  @Test func `the help page has every place with all its keys`() {
    let page = HelpDialog.lines(.standard)
    let places = [
      "Everywhere", "While a search is shown", "Lines you type", "Starting a command", "Writing to standard input",
      "Menus", "Attaching", "Choosing a box", "Questions", "This page",
    ]
    #expect(page.filter { if case .heading = $0 { true } else { false } } == places.map { .heading($0) })
    for line in Keymap.standard.main.section.lines {
      #expect(page.contains(.binding(keys: line.keys, help: line.help)))
    }
    #expect(page.contains(.binding(keys: "1-9", help: "select the execution of that number")))
    #expect(page.contains(.binding(keys: "^D", help: "end of input")))
    #expect(page.contains(.binding(keys: "R", help: "the race lab: lose the last line, and see why")))
    #expect(page.count == 102, "\(page.count)")
  }

  @Test func `the standard keys are bound`() {
    let main: [(Key, MainCommand)] = [
      (.character("v"), .toggleArrangement), (.character("z"), .toggleZoom), (.named(.tab), .focusNext),
      (.named(.backTab), .focusPrevious), (.character("f"), .toggleFollow), (.character("F"), .toggleFollow),
      (.character("j"), .move(.down)), (.character("k"), .move(.up)), (.control("d"), .move(.halfPageDown)),
      (.control("u"), .move(.halfPageUp)), (.named(.pageUp), .move(.pageUp)), (.named(.pageDown), .move(.pageDown)),
      (.character(" "), .move(.pageDown)), (.character("b"), .move(.pageUp)), (.character("g"), .move(.top)),
      (.character("G"), .move(.bottom)), (.named(.home), .move(.top)), (.named(.end), .move(.bottom)),
      (.character("w"), .toggleWrap), (.character("x"), .signal), (.character("K"), .forceClose),
      (.character("i"), .input), (.character("?"), .help), (.character("q"), .quit), (.control("c"), .quit),
      (.control("z"), .suspend), (.control("l"), .redraw), (.character("/"), .search), (.character("n"), .start),
      (.character("9"), .select(9)), (.character("h"), .moveSideways(.left)),
      (.character("$"), .moveSideways(.lineEnd)),
    ]
    for (key, command) in main { #expect(Keymap.standard.main.command(for: key) == command, "\(key.label)") }
    #expect(Keymap.standard.inputLine.command(for: .control("d")) == .endOfInput)
  }
}
