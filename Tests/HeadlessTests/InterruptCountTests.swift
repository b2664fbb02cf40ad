import Testing

@testable import Headless

/// When Ctrl-C is no longer the command's to answer.
struct InterruptCountTests {
  private func answers(_ milliseconds: [UInt64]) -> [Bool] {
    var count = InterruptCount()
    return milliseconds.map { count.isThirdInARow(at: $0 * 1_000_000) }
  }

  @Test("the third within two seconds ends it, and so does every one that follows at once")
  func third() { #expect(answers([10_000, 10_500, 11_000, 11_500]) == [false, false, true, true]) }

  @Test("three that take longer are three requests")
  func slow() { #expect(answers([10_000, 11_500, 13_000, 14_500]) == [false, false, false, false]) }

  @Test("one long before does not count")
  func longBefore() { #expect(answers([1_000, 10_000, 10_100, 10_200]) == [false, false, false, true]) }
}
