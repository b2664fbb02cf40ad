import Cells
import Testing
import Widgets

@Suite struct KeyTableTests {
  private enum Back: Hashable { case help, quit }
  private enum Front: Hashable { case next, back(Back) }

  private let back = KeyTable<Back>(
    "back",
    [
      Binding([.character("a")], .help, "one", hint: "help"),
      Binding([.character("a"), .character("b")], .quit, "two", hint: "quit"),
    ])

  private func front(shadows: Bool) -> KeyTable<Front> {
    KeyTable("front", [Binding([.character("b")], .next, "front", hint: "next", shadows: shadows)], over: back) {
      .back($0)
    }
  }

  @Test func `of two bindings for a key the first one takes it, in a table and across two`() {
    #expect(back.command(for: .character("a")) == .help)
    #expect(back.command(for: .character("b")) == .quit)
    #expect(front(shadows: true).command(for: .character("a")) == .back(.help))
    #expect(front(shadows: true).command(for: .character("b")) == .next)
    #expect(front(shadows: true).command(for: .character("c")) == nil)
  }

  @Test func `a conflict is found, in a table and across two`() {
    #expect(back.conflicts() == [KeyConflict(key: .character("a"), title: "back", helps: ["one", "two"])])
    let found = front(shadows: false).conflicts()
    #expect(found == [KeyConflict(key: .character("b"), title: "front", helps: ["front", "two"])])
  }

  @Test func `a table in front may shadow when it says so`() {
    #expect(front(shadows: true).conflicts() == [])
  }

  @Test func `hints are the keys that give their command here, and are possible`() {
    #expect(back.hints() == [KeyHint(key: "a", word: "help")])
    #expect(back.hints { $0 != .help } == [])
    let front = KeyTable<Front>("front", [], over: back) { .back($0) }
    #expect(front.hints() == [KeyHint(key: "a", word: "help")])
  }

  @Test func `the digits are one line of the help page`() {
    let table = KeyTable("digits", Binding.digits("that one") { $0 })
    #expect(table.command(for: .character("7")) == 7)
    #expect(table.section.lines == [KeySection.Line(keys: "1-9", help: "that one")])
  }
}
