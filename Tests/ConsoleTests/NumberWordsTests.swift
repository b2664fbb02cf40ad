import Testing

@testable import Console

@Suite struct NumberWordsTests {
  @Test(arguments: [
    (0, "0"), (7, "7"), (999, "999"), (1000, "1,000"), (12_345_678, "12,345,678"), (-1, "-1"), (-999, "-999"),
    (-123_456, "-123,456"), (Int.min, "-9,223,372,036,854,775,808"),
  ])
  func `whole numbers are grouped by three`(number: Int, text: String) {
    #expect(NumberWords.grouped(number) == text)
  }

  @Test func `one is not several`() {
    #expect(NumberWords.count(1, "exec") == "1 exec")
    #expect(NumberWords.count(0, "exec") == "0 execs")
    #expect(NumberWords.count(UInt128.max, "step") == "340,282,366,920,938,463,463,374,607,431,768,211,455 steps")
  }

  @Test(arguments: [
    (0.0, "0.0 %"), (1, "100.0 %"), (0.4666, "46.7 %"), (0.0001, "<0.1 %"), (0.9999, ">99.9 %"), (0.001, "0.1 %"),
  ])
  func `only nothing is 0 percent and only everything is 100`(share: Double, text: String) {
    #expect(NumberWords.percent(share) == text)
  }

  @Test(arguments: [
    (0.0, "0.0"), (1, "100.0"), (0.0278, "2.8"), (0.000384, "0.04"), (0.000_000_4, "<0.01"), (0.9996, "99.96"),
    (0.999_999_9, ">99.99"), (0.001, "0.1"), (0.999, "99.9"),
  ])
  func `bounds near nothing and everything have two places`(share: Double, text: String) {
    #expect(NumberWords.bound(share) == text)
  }

  @Test func `decimals are rounded and keep their zeros`() {
    #expect(NumberWords.decimal(1.005, places: 1) == "1.0")
    #expect(NumberWords.decimal(0.05, places: 2) == "0.05")
    #expect(NumberWords.decimal(-2.5, places: 1) == "-2.5")
    #expect(NumberWords.decimal(-0.001, places: 1) == "0.0")
    #expect(NumberWords.decimal(9.99, places: 0) == "10")
    for value in [Double.nan, .infinity, -.infinity, 1e300] { #expect(NumberWords.decimal(value, places: 1) == "-") }
  }

  @Test(arguments: [
    (UInt64(0), "0 µs"), (499, "0 µs"), (6_200, "6 µs"), (310_000, "310 µs"), (999_499, "999 µs"), (999_500, "1.00 ms"),
    (3_104_000, "3.10 ms"), (12_440_000, "12.4 ms"), (2_050_000_000, "2.05 s"),
    (.max, "18446744073.71 s"),
  ])
  func `times have the unit that suits them`(nanoseconds: UInt64, text: String) {
    #expect(NumberWords.time(nanoseconds: nanoseconds) == text)
  }

  @Test func `in ASCII a microsecond has no Greek letter`() {
    #expect(NumberWords.time(nanoseconds: 6_200, isASCII: true) == "6 us")
  }
}
