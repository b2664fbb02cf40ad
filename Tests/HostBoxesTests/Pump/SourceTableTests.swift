import Testing

@testable import HostBoxes

@Suite
struct SourceTableTests {
  private final class Source: PumpSource {
    func turn(_ turn: PumpTurn) {}
  }

  @Test
  func `a token leads to its source until it is removed`() {
    var table = SourceTable()
    let (first, second) = (Source(), Source())
    let (one, two) = (table.insert(first), table.insert(second))
    #expect(table[one] === first && table[two] === second)
    table.remove(one)
    #expect(table[one] == nil && table[two] === second)
  }

  @Test
  func `a place that is used again has another token`() {
    var table = SourceTable()
    let old = table.insert(Source())
    table.remove(old)
    let new = table.insert(Source())
    #expect(old != new)
    #expect(old & 0xFFFF_FFFF == new & 0xFFFF_FFFF)
    #expect(table[old] == nil)
    table.remove(old)
    #expect(table[new] != nil)
  }

  @Test
  func `no token is zero, and unknown ones lead nowhere`() {
    var table = SourceTable()
    #expect(table[0] == nil)
    #expect(table.insert(Source()) != 0)
    #expect(table[.max] == nil)
    table.remove(.max)
  }
}
