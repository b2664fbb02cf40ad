import Testing

@testable import Headless

/// When Ctrl-C is no longer the command's to answer.
@Suite struct InterruptCountTests {
  private func answers(_ milliseconds: [UInt64]) -> [Bool] {
    var count = InterruptCount()
    return milliseconds.map { count.isThirdInARow(at: $0 * 1_000_000) }
  }

  @Test func `the third within two seconds ends it, and so does every one that follows at once`() {
    #expect(answers([10_000, 10_500, 11_000, 11_500]) == [false, false, true, true])
  }

  @Test func `three that take longer are three requests`() {
    #expect(answers([10_000, 11_500, 13_000, 14_500]) == [false, false, false, false])
  }

  @Test func `one long before does not count`() {
    #expect(answers([1_000, 10_000, 10_100, 10_200]) == [false, false, false, true])
  }
}
