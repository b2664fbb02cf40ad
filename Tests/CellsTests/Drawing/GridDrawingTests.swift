import Cells
import Testing

@Suite struct GridDrawingTests {
  @Test func `text is written, cut at both edges, and its columns counted`() {
    var grid = Grid(height: 2, width: 6)
    #expect(grid.write("hello", row: 0, column: 3) == 3)
    #expect(grid.write("hello", row: 1, column: -2) == 3)
    #expect(grid.write("hello", row: 2, column: 0) == 0)
    #expect(grid.write("hello", row: -1, column: 0) == 0)
    #expect(grid.write("hello", row: 0, column: 6) == 0)
    #expect(grid.write("hello", row: 0, column: -9) == 0)
    #expect(grid.plainText == "   hel\nllo")
  }

  @Test func `no place is so far out that it traps`() {
    var grid = Grid(height: 2, width: 6)
    let far = Rect(row: .min, column: .min, height: .max, width: .max)
    for place in [Int.min, .min + 1, -1, .max - 1, .max] {
      grid.write("x漢", row: 0, column: place)
      grid.write("x漢", row: place, column: place, within: far)
      grid.put([.blank()], row: place, column: place, within: Rect(row: place, column: place, height: 5, width: 5))
      grid.fill(Rect(row: place, column: place, height: .max, width: .max), style: .plain)
      grid.box(Rect(row: place, column: 0, height: .max, width: 6), title: "t")
    }
    #expect(grid.bounds == Rect(row: 0, column: 0, height: 2, width: 6))
  }

  @Test func `half of a wide glyph is never shown`() {
    var grid = Grid(height: 4, width: 4)
    grid.write("abc漢", row: 0, column: 0)
    grid.write("漢b", row: 1, column: -1)
    grid.write("漢漢", row: 2, column: 0)
    grid.write("x", row: 2, column: 1)
    grid.write("漢漢", row: 3, column: 0)
    grid.write("漢", row: 3, column: 1)
    #expect(grid.plainText == "abc\n b\n x漢\n 漢")
  }

  @Test func `what belongs to the last glyph is still taken at the edge`() {
    var grid = Grid(height: 3, width: 2)
    grid.write("ae\u{301}x", row: 0, column: 0)
    grid.write("a❤\u{FE0F}x", row: 1, column: 0)
    grid.write("🇩🇪x", row: 2, column: 0)
    #expect(grid.plainText == "ae\u{301}\na\n🇩🇪")
  }

  @Test func `an area bounds what is written`() {
    var grid = Grid(height: 3, width: 8)
    grid.write("0123456789", row: 1, column: 0, within: Rect(row: 1, column: 2, height: 1, width: 3))
    grid.write("outside", row: 0, column: 0, within: Rect(row: 1, column: 0, height: 1, width: 8))
    #expect(grid.plainText == "\n  234\n")
  }

  @Test func `a control character is written as visible text`() {
    var grid = Grid(height: 1, width: 20)
    #expect(grid.write("a\u{1B}[2J\tb\n", row: 0, column: 0) == 11)
    #expect(grid.plainText == "a^[[2J^Ib^J")
    #expect(grid[0, 1].style.attributes == [.dim, .reverse])
    #expect(grid[0, 3].style == .plain)
  }

  @Test func `a fill overwrites whole glyphs and takes only narrow characters`() {
    var grid = Grid(height: 2, width: 6)
    grid.write("漢漢漢", row: 0, column: 0)
    grid.fill(Rect(row: 0, column: 1, height: 1, width: 2), with: "x", style: .plain)
    grid.fill(Rect(row: 1, column: 0, height: 9, width: 2), with: "漢", style: Style(attributes: .bold))
    #expect(grid.plainText == " xx 漢\n")
    #expect(grid[1, 1] == .blank(Style(attributes: .bold)))
  }

  @Test func `restyling leaves the text and never styles half a glyph`() {
    var grid = Grid(height: 1, width: 4)
    grid.write("a漢b", row: 0, column: 0)
    grid.restyle(Rect(row: 0, column: 0, height: 1, width: 2)) { $0.attributes.insert(.bold) }
    #expect(grid.plainText == "a漢b")
    grid.restyle(Rect(row: 0, column: 2, height: 1, width: 1)) { $0.attributes.insert(.dim) }
    #expect((0..<4).map { grid[0, $0].style.attributes } == [.bold, .bold, .bold, []])
  }

  @Test func `an empty grid takes everything and shows nothing`() {
    var grid = Grid(height: -1, width: 0)
    grid.write("x", row: 0, column: 0)
    grid.box(grid.bounds)
    #expect(grid.plainText.isEmpty)
    #expect(grid.text(row: 0).isEmpty)
  }
}
