import Testing

@testable import ExecEngine

@Suite struct WallClockTests {
  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00.000000Z"), (999_999_999, "1970-01-01T00:00:00.999999Z"),
      (951_782_400_000_001_000, "2000-02-29T00:00:00.000001Z"),
      (1_795_501_201_120_000_000, "2026-11-24T06:20:01.120000Z"),
      (.max, "2554-07-21T23:34:33.709551Z"),
    ] as [(UInt64, String)])
  func `times are written as RFC 3339 has it, in UTC`(nanoseconds: UInt64, text: String) {
    #expect(WallClock.text(nanoseconds) == text)
  }

  @Test(arguments: [(3, "2026-11-24T06:20:01.129Z"), (1, "2026-11-24T06:20:01.1Z")])
  func `digits that are not wanted are cut off`(digits: Int, text: String) {
    #expect(WallClock.text(1_795_501_201_129_999_999, digits: digits) == text)
  }
}
