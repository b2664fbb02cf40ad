import Testing

@testable import ContainerBoxes

@Suite struct RecentNamesTests {
  @Test func `a name is new once`() {
    var names = RecentNames()
    let (first, second) = (names.insert("a"), names.insert("a"))
    #expect(first && !second)
    #expect(names.contains("a") && !names.contains("b"))
  }

  @Test func `of very many the newest are known`() {
    var names = RecentNames()
    for number in 0..<100_000 { _ = names.insert(String(number)) }
    #expect(names.contains("99999") && names.contains("95904"))
    #expect(!names.contains("0"))
  }
}
