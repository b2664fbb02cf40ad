import Testing

@testable import boxwatch

@Suite struct FramePaceTests {
  private let start: UInt64 = 100_000_000_000

  /// A pace that has done everything just now.
  private func settled() -> FramePace {
    var pace = FramePace()
    pace.read(at: start)
    pace.drew(at: start)
    pace.ticked(at: start)
    return pace
  }

  @Test func `with nothing to do it sleeps until the next tick, and not a moment too short`() {
    let pace = settled()
    #expect(pace.timeout(now: start, needsDisplay: false) == 1000)
    #expect(pace.timeout(now: start + 1, needsDisplay: false) == 1000)
    #expect(pace.timeout(now: start + 999_999_999, needsDisplay: false) == 1)
    #expect(pace.timeout(now: start + FramePace.tick, needsDisplay: false) == 0)
    #expect(pace.isTickDue(start + FramePace.tick))
    #expect(!pace.isTickDue(start + FramePace.tick - 1))
  }

  @Test func `a frame waits for its turn`() {
    let pace = settled()
    #expect(!pace.mayDraw(start + FramePace.frame - 1))
    #expect(pace.mayDraw(start + FramePace.frame))
    #expect(pace.timeout(now: start, needsDisplay: true) == 17)
  }

  @Test func `news are read at once after a pause and once a frame in a flood`() {
    var pace = settled()
    #expect(!pace.mayRead(start + FramePace.tick))
    pace.hasNews = true
    #expect(pace.mayRead(start + FramePace.tick))
    #expect(!pace.mayRead(start + FramePace.frame / 2))
    #expect(pace.timeout(now: start + FramePace.frame / 2, needsDisplay: false) == 9)
    pace.read(at: start + FramePace.frame)
    #expect(!pace.hasNews)
  }

  @Test func `when it is woken it may do what it was woken for: no spinning`() {
    for offset in stride(from: 0 as UInt64, to: FramePace.frame, by: 333_333) {
      var pace = settled()
      pace.hasNews = true
      let now = start + offset
      let woken = now + UInt64(pace.timeout(now: now, needsDisplay: true)) * 1_000_000
      #expect(pace.mayDraw(woken) && pace.mayRead(woken))
    }
  }
}
