import Cells
import Testing

@Suite struct StyledLineWrapTests {
  @Test(
    arguments: [
      ("", 5, [0..<0]), ("abc", 5, [0..<3]), ("abcde", 5, [0..<5]), ("abcdef", 5, [0..<5, 5..<6]), ("漢字", 4, [0..<4]),
      ("漢字", 3, [0..<2, 2..<4]), ("a漢", 2, [0..<1, 1..<3]), ("漢字", 1, [0..<2, 2..<4]), ("abc", 0, [0..<3]),
    ] as [(String, Int, [Range<Int>])])
  func `rows hold whole glyphs`(text: String, width: Int, rows: [Range<Int>]) {
    #expect(StyledLine.of(text).wrap(width: width) == rows)
  }

  @Test func `the rows of a line are the line`() {
    let line = StyledLine.of("a漢字bc漢d漢漢e")
    for width in 2...20 {
      let rows = line.wrap(width: width)
      #expect(rows.flatMap { Array($0) } == Array(line.cells.indices))
      #expect(rows.allSatisfy { $0.count <= width && fault(in: line.cells[$0]) == nil })
    }
  }
}
