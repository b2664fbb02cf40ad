import Cells
import Testing

@Suite struct GridBoxTests {
  @Test func `a box has a border and a title in it`() {
    var grid = Grid(height: 3, width: 12)
    grid.box(grid.bounds, title: "stdout")
    #expect(
      grid.plainText == """
        ┌ stdout ──┐
        │          │
        └──────────┘
        """)
  }

  @Test func `in ASCII it has the same shape`() {
    var grid = Grid(height: 3, width: 12)
    grid.box(grid.bounds, ascii: true, title: "stdout")
    #expect(
      grid.plainText == """
        + stdout --+
        |          |
        +----------+
        """)
  }

  @Test func `a title is cut before the corner`() {
    var grid = Grid(height: 2, width: 8)
    grid.box(grid.bounds, title: "long title")
    #expect(grid.plainText == "┌ long ┐\n└──────┘")
  }

  @Test func `a box that sticks out is drawn as far as it goes`() {
    var grid = Grid(height: 3, width: 4)
    grid.box(Rect(row: 1, column: 1, height: 5, width: 9))
    #expect(grid.plainText == "\n ┌──\n │")
  }

  @Test func `border and title have looks of their own`() {
    var grid = Grid(height: 2, width: 10)
    grid.box(grid.bounds, style: Style(attributes: .dim), title: "t", titleStyle: Style(attributes: .bold))
    #expect(grid[0, 0].style.attributes == .dim)
    #expect(grid[0, 2].style.attributes == .bold)
  }

  @Test(arguments: [0, 1]) func `without room nothing is drawn`(extent: Int) {
    var grid = Grid(height: 3, width: 3)
    grid.box(Rect(row: 0, column: 0, height: extent, width: 3))
    grid.box(Rect(row: 0, column: 0, height: 3, width: extent))
    #expect(grid == Grid(height: 3, width: 3))
  }
}
