import Cells
import Testing

@Suite struct RectTests {
  @Test func `an intersection is what both cover, or empty`() {
    let rect = Rect(row: 1, column: 1, height: 4, width: 4)
    #expect(
      rect.intersection(Rect(row: 3, column: 0, height: 9, width: 3)) == Rect(row: 3, column: 1, height: 2, width: 2))
    #expect(rect.intersection(Rect(row: 9, column: 9, height: 1, width: 1)).isEmpty)
  }

  @Test func `no extent overflows`() {
    let huge = Rect(row: .max - 1, column: .min, height: .max, width: .max)
    #expect(huge.bottom == .max)
    #expect(huge.intersection(Rect(row: .min, column: .max, height: .max, width: 5)).isEmpty)
  }

  @Test func `a border thicker than the rectangle leaves nothing`() {
    #expect(Rect(row: 0, column: 0, height: 3, width: 9).inset(by: 2).isEmpty)
  }
}
