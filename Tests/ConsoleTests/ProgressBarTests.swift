import Testing

@testable import Console

@Suite struct ProgressBarTests {
  @Test func `the bar grows with the share and says how long the rest takes`() {
    #expect(ProgressBar.line(0, of: 4, elapsed: 0) == "[........................]   0 %    ")
    #expect(ProgressBar.line(1, of: 4, elapsed: 1_000_000_000) == "[######..................]  25 %  3 s left  ")
    #expect(ProgressBar.line(4, of: 4, elapsed: 1_000_000_000) == "[########################] 100 %  0 s left  ")
  }

  @Test func `long remaining times are shown in minutes and hours`() {
    #expect(ProgressBar.line(1, of: 1000, elapsed: 1_000_000_000).contains("16 min left"))
    #expect(ProgressBar.line(1, of: 100_000, elapsed: 1_000_000_000).contains("27 h left"))
  }

  @Test func `no numbers break it`() {
    for (done, total) in [(0, 0), (-1, 5), (9, 5), (1, Int.max), (Int.max, 1)] {
      let line = ProgressBar.line(done, of: total, elapsed: .max)
      #expect(line.hasPrefix("["), "\(done) of \(total)")
    }
  }
}
