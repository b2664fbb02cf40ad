import Testing

@testable import boxwatch

@Suite struct ListCommandTests {
  @Test func `what is not listed is counted in the singular and the plural`() {
    #expect(ListCommand.omission(1) == "1 older one is not listed: boxwatch ls --all lists it")
    #expect(ListCommand.omission(2) == "2 older ones are not listed: boxwatch ls --all lists them")
  }
}
