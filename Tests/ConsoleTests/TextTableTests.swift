import Testing

@testable import Console

@Suite struct TextTableTests {
  @Test func `columns are as wide as their widest cell, and lines have no blanks at their ends`() {
    var table = TextTable([.init("name", .left), .init("n"), .init("words", .left)])
    table.add(["a", "1,000", "x"])
    table.add(["longer", "2", ""])
    #expect(table.lines == ["name        n  words", "a       1,000  x", "longer      2"])
  }

  @Test func `a table without rows is its head, and a short row ends early`() {
    var table = TextTable([.init("a", .left), .init("b")])
    #expect(table.lines == ["a  b"])
    table.add(["x"])
    table.add([])
    #expect(table.lines == ["a  b", "x", ""])
  }
}
