import RaceLab
import Testing

@Suite struct MarbleDiagramTests {
  @Test func `a lost race is drawn with the unread chunks`() throws {
    let diagram = MarbleDiagram(try Schedule(text: "o1e1w1:xoOeEw"), kinds: [.exitFirst, .drainOrdered])
    #expect(
      diagram.lines == [
        "out            ──●─|",
        "err            ──────◆─|",
        "exit           x",
        "waiter         ──────────?",
        "exit-first     ▲ ○   ◇   △  done, exit 0, 27 bytes lost",
        "drain-ordered  ──●───◆─▲ △  done, exit 0, whole",
      ])
  }

  @Test func `in ASCII every mark has its letter`() throws {
    let diagram = MarbleDiagram(
      try Schedule(text: "o1e1w1lgdf:xgowdfGolOeE"), kinds: [.untilEmpty, .exitGated], isASCII: true)
    #expect(diagram.lines.allSatisfy { $0.allSatisfy(\.isASCII) })
    #expect(diagram.rows.count == 10)
  }

  @Test func `several answers to one step stand side by side`() throws {
    let diagram = MarbleDiagram(try Schedule(text: "o2e1:x"), kinds: [.untilEmpty], isASCII: true)
    #expect(diagram.lines.last == "until-empty  ooe^  done, exit 0, whole")
  }

  @Test func `before the first step there are names only`() {
    let diagram = MarbleDiagram(LabSession())
    #expect(diagram.lines == ["out", "err", "exit", "exit-first       reading", "drain-ordered    reading"])
  }

  @Test func `every piece says what it stands for`() throws {
    let diagram = MarbleDiagram(try Schedule(text: "o1e1:xoOeE"), kinds: [.exitFirst])
    let row = try #require(diagram.rows.last)
    #expect(
      row.pieces.map(\.kind) == [.label, .exitAnnounced, .axis, .lost, .axis, .lost, .axis, .axis, .verdictLost])
    #expect(row.pieces.map(\.text).joined().hasSuffix("27 bytes lost"))
  }

  @Test func `in a narrow place the latest steps are shown`() throws {
    let schedule = try Schedule(text: "o9e1:oooooooooxOeE")
    let diagram = MarbleDiagram(schedule, kinds: [.drainOrdered], width: 55)
    #expect(diagram.lines.allSatisfy { $0.count <= 55 })
    #expect(
      diagram.lines == [
        "out            …─●─●─●─●─●───|", "err            …───────────────◆─|", "exit           …───────────x",
        "drain-ordered  …─●─●─●─●─●─────◆─▲  done, exit 0, whole",
      ])
    #expect(MarbleDiagram(schedule, kinds: [.drainOrdered], width: 0).lines[0].count <= 23)
  }

  @Test func `the legend names every mark`() {
    #expect(
      MarbleDiagram.legend(isASCII: true).text
        == "o stdout  e stderr  | end  x exit  ? waiter  T deadline  X force close  ^ Exit  w Wait  ! not read")
    #expect(MarbleDiagram.legend().text.hasPrefix("● stdout  ◆ stderr"))
  }
}
