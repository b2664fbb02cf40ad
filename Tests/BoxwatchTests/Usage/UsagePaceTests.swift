import Testing

@testable import boxwatch

@Suite struct UsagePaceTests {
  private static let second: UInt64 = 1_000_000_000

  @Test func `cheap rounds come once a second`() {
    var pace = UsagePace()
    #expect(pace.isDue(0))
    pace.spent(100_000, from: 10 * Self.second)
    #expect(!pace.isDue(10 * Self.second + Self.second / 2))
    #expect(pace.isDue(11 * Self.second))
  }

  /// The promise: whatever a round costs, measuring takes less than a hundredth of a core.
  @Test(arguments: [1_000, 1_000_000, 4_900_000, 5_100_000, 50_000_000, 290_000_000] as [UInt64])
  func `a round that costs more is followed by a longer pause`(cost: UInt64) {
    var pace = UsagePace()
    var (now, spent) = (UInt64(0), UInt64(0))
    while now < 1000 * Self.second {
      if pace.isDue(now) {
        spent += cost
        pace.spent(cost, from: now)
      }
      now += Self.second
    }
    #expect(Double(spent) / Double(now) < 0.01)
    #expect(spent > 0)
  }

  @Test func `however dear a round was, another one follows`() {
    var pace = UsagePace()
    pace.spent(.max, from: 0)
    #expect(pace.isDue(UsagePace.longest))
  }
}
