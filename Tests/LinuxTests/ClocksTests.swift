import Glibc
import Testing

@testable import Linux

@Suite struct ClocksTests {
  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00.000000Z"), (999_999_999, "1970-01-01T00:00:00.999999Z"),
      (951_782_400_000_001_000, "2000-02-29T00:00:00.000001Z"),
      (1_795_501_201_120_000_000, "2026-11-24T06:20:01.120000Z"),
      (.max, "2554-07-21T23:34:33.709551Z"),
    ] as [(UInt64, String)])
  func `times are written as in RFC 3339, in UTC`(nanoseconds: UInt64, text: String) {
    #expect(WallClock.text(nanoseconds) == text)
  }

  @Test(arguments: [(3, "2026-11-24T06:20:01.129Z"), (1, "2026-11-24T06:20:01.1Z")])
  func `digits that are not wanted are cut off`(digits: Int, text: String) {
    #expect(WallClock.text(1_795_501_201_129_999_999, digits: digits) == text)
  }

  @Test func `the text for names has no separators but one`() {
    #expect(WallClock.compactText(1_795_501_201_129_999_999) == "20261124-062001")
    #expect(WallClock.microseconds(1_795_501_201_000_042_999) == "000042")
  }

  @Test func `the wall clock is the time of day, and the other clocks are not`() {
    let seconds = UInt64(time(nil))
    let wall = WallClock.now / 1_000_000_000
    #expect(wall >= seconds && wall <= seconds + 60)
    #expect(WallClock.localTime.utf8.count == 8)
    // Both count from the boot, which is later than 1970 on any machine whose wall clock is set.
    #expect(MonotonicClock.now < WallClock.now && BootClock.now < WallClock.now)
  }

  @Test func `the monotonic clock never decreases, and boot time includes what it leaves out`() {
    var last = MonotonicClock.now
    for _ in 0..<10_000 {
      let now = MonotonicClock.now
      #expect(now >= last)
      last = now
    }
    #expect(BootClock.now >= last)
  }

  @Test func `a thread's processor time grows with its work and not with its waits`() {
    let begin = ThreadProcessorTime.now
    let from = MonotonicClock.now
    poll(nil, 0, 50)
    let waited = ThreadProcessorTime.now - begin
    #expect(waited < MonotonicClock.now - from)
    var sum: UInt64 = 0
    while ThreadProcessorTime.now == begin + waited { sum &+= 1 }
    #expect(ThreadProcessorTime.now > begin + waited)
  }

  @Test func `the boot is known, and its number is that of its text`() {
    let boot = BootIdentifier.current
    #expect(boot.isKnown)
    let digits = BootIdentifier.currentText.filter { $0 != "-" }
    #expect(BootIdentifier(high: UInt64(digits.prefix(16), radix: 16) ?? 0, low: boot.low) == boot)
  }
}
