import Testing

@testable import BoxwatchUI

@Suite struct RateHistoryTests {
  private let half: UInt64 = 500_000_000

  @Test func `bytes are counted per half second and the rate is the last second's`() {
    var rate = RateHistory()
    rate.advance(to: 0)
    rate.add(100)
    rate.advance(to: half)
    rate.add(300)
    rate.advance(to: 2 * half + 1)
    #expect(rate.buckets == [100, 300])
    #expect(rate.bytesPerSecond == 400)
  }

  @Test func `a pause fills with nothing and the past is forgotten`() {
    var rate = RateHistory()
    rate.advance(to: 0)
    rate.add(9)
    rate.advance(to: 3 * half)
    #expect(rate.buckets == [9, 0, 0])
    rate.advance(to: 1 << 62)
    #expect(rate.buckets.count == RateHistory.limit)
    #expect(rate.isQuiet)
  }

  @Test func `a clock that goes back counts nothing twice`() {
    var rate = RateHistory()
    rate.advance(to: 10 * half)
    rate.add(5)
    rate.advance(to: 0)
    rate.advance(to: half)
    #expect(rate.buckets == [5])
  }

  @Test func `bytes count in the half second in which they came, however seldom the clock ticks`() {
    var monitor = Monitor()
    monitor.add(["x"])
    for step in 0..<4 { monitor.output("12345678", at: UInt64(step) * half) }
    monitor.send(.tick(now: 4 * half, clock: ""))
    #expect(monitor.model.selected?.rate.buckets == [8, 8, 8, 8])
  }
}
