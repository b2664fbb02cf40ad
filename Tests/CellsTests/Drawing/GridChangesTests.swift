import Cells
import Testing

@Suite struct GridChangesTests {
  @Test func `equal grids have no changes`() {
    #expect(Grid(height: 3, width: 3).changes(since: Grid(height: 3, width: 3)).isEmpty)
  }

  @Test func `each changed row gives one span from the first to the last difference`() {
    let before = Grid(height: 3, width: 10)
    var after = before
    after.write("x", row: 0, column: 2)
    after.write("yy", row: 0, column: 6)
    after.write("z", row: 2, column: 9)
    #expect(after.changes(since: before) == [.init(row: 0, columns: 2..<8), .init(row: 2, columns: 9..<10)])
  }

  @Test func `a span covers whole glyphs of both grids`() {
    var before = Grid(height: 1, width: 6)
    before.write("a漢b漢", row: 0, column: 0)
    var after = Grid(height: 1, width: 6)
    after.write("a", row: 0, column: 0)
    after.write("b漢", row: 0, column: 3)
    #expect(after.changes(since: before) == [.init(row: 0, columns: 1..<3)])
    #expect(before.changes(since: after) == [.init(row: 0, columns: 1..<3)])
  }

  @Test func `a style alone is a change`() {
    var after = Grid(height: 1, width: 4)
    after.restyle(Rect(row: 0, column: 1, height: 1, width: 1)) { $0.attributes = .bold }
    #expect(after.changes(since: Grid(height: 1, width: 4)) == [.init(row: 0, columns: 1..<2)])
  }

  @Test func `another size, or nothing before, changes everything`() {
    let grid = Grid(height: 2, width: 3)
    let all = [Grid.Span(row: 0, columns: 0..<3), .init(row: 1, columns: 0..<3)]
    #expect(grid.changes(since: nil) == all)
    #expect(grid.changes(since: Grid(height: 2, width: 4)) == all)
    #expect(Grid(height: 2, width: 0).changes(since: nil).isEmpty)
  }
}
