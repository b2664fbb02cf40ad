import Testing

@testable import RaceLive

@Suite struct WilsonIntervalTests {
  /// Worked by hand from the formula, to six places.
  @Test(arguments: [
    (0, 2000, 0.0, 0.001917), (1, 10, 0.017876, 0.404150), (5, 10, 0.236593, 0.763407), (10, 10, 0.722467, 1.0),
    (1400, 2000, 0.679549, 0.719685),
  ])
  func `known intervals`(hits: Int, trials: Int, low: Double, high: Double) {
    let interval = WilsonInterval(hits: hits, of: trials)
    #expect(abs(interval.low - low) < 0.000_001, "\(interval)")
    #expect(abs(interval.high - high) < 0.000_001, "\(interval)")
  }

  @Test func `without a trial everything is possible`() {
    #expect(WilsonInterval(hits: 0, of: 0).low == 0)
    #expect(WilsonInterval(hits: 0, of: 0).high == 1)
  }

  @Test func `every interval holds its share, keeps to 0 and 1, and mirrors`() {
    for trials in 1...60 {
      for hits in 0...trials {
        let interval = WilsonInterval(hits: hits, of: trials)
        let mirror = WilsonInterval(hits: trials - hits, of: trials)
        let share = Double(hits) / Double(trials)
        #expect(interval.low >= 0 && interval.low <= share && share <= interval.high && interval.high <= 1)
        #expect(abs(interval.low - (1 - mirror.high)) < 1e-12)
      }
    }
  }
}
