import Testing

@testable import Widgets

@Suite struct NumberTextTests {
  @Test func `counts are grouped and have their noun`() {
    #expect(
      [0, 999, 1000, 12_398, 1_234_567].map { NumberText.grouped($0) } == ["0", "999", "1,000", "12,398", "1,234,567"])
    #expect(
      [99_999, 123_456, 999_949, 1_234_567, 999_949_999, 2_000_000_000].map { NumberText.shortLines($0) } == [
        "99,999 lines", "123 k lines", "999 k lines", "1.2 M lines", "999.9 M lines", "2.0 G lines",
      ])
    #expect(NumberText.lines(1) == "1 line" && NumberText.lines(0) == "0 lines")
    #expect(NumberText.grouped(.max) == "18,446,744,073,709,551,615")
  }

  @Test func `sizes have a digit after the point below ten`() {
    let sizes: [UInt64] = [0, 999, 1000, 1234, 9960, 38_000, 999_499, 999_500, 1_200_000_000, .max]
    let texts = ["0 B", "999 B", "1.0 kB", "1.2 kB", "10 kB", "38 kB", "999 kB", "1.0 MB", "1.2 GB", "18 EB"]
    #expect(sizes.map { NumberText.bytes($0) } == texts)
  }

  @Test func `times are clocks or short spans`() {
    #expect(NumberText.clock(nanoseconds: 41_900_000_000) == "00:41")
    #expect(NumberText.clock(nanoseconds: 3_723_000_000_000) == "1:02:03")
    #expect(
      [82_000, 3_100_000, 2_400_000_000].map { NumberText.span(nanoseconds: $0) } == ["82 us", "3.1 ms", "2.4 s"])
  }
}
