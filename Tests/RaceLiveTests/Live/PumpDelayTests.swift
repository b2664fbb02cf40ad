import ExecModel
import RaceLab
import Testing

@testable import RaceLive

@Suite struct PumpDelayTests {
  @Test(arguments: [
    ("none", PumpDelay.none), ("0ms", .none), ("2ms", .fixed(.milliseconds(2))), ("1s", .fixed(.seconds(1))),
    ("0-5ms", .random(0...5)), ("1ms-1s", .random(1...1000)), ("3-3ms", .random(3...3)),
  ])
  func `delays are read`(text: String, delay: PumpDelay) throws {
    #expect(try PumpDelay(text: text) == delay)
    #expect(try PumpDelay(text: delay.text) == delay)
  }

  @Test(arguments: ["", "x", "2", "1-2", "-1ms", "5-2ms", "1-2-3ms", "11s", "0-11s", "none-2ms", "-", "-ms", "ms"])
  func `others are refused in one sentence`(text: String) {
    #expect(throws: TextValueError.self) { try PumpDelay(text: text) }
  }

  @Test func `random delays keep to their range and repeat with their seed`() {
    let delay = PumpDelay.random(1...5)
    var (first, second) = (SplitMix64(seed: 3), SplitMix64(seed: 3))
    let drawn = (0..<1000).map { _ in delay.draw(&first) }
    #expect(drawn == (0..<1000).map { _ in delay.draw(&second) })
    #expect(drawn.allSatisfy { (1_000_000...5_000_000).contains($0) })
    #expect(Set(drawn).count > 900)
    #expect(PumpDelay.none.draw(&first) == 0)
    #expect(PumpDelay.fixed(.milliseconds(2)).draw(&first) == 2_000_000)
  }
}
