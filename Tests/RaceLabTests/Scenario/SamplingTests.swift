import RaceLab
import Testing

@Suite struct SamplingTests {
  @Test func `one seed gives one sample, another seed another`() throws {
    let space = ScheduleSpace(try Scenario(stdout: 8, stderr: 8, waiters: 2))
    func sample(_ seed: UInt64) -> [[Source]] {
      var generator = SplitMix64(seed: seed)
      return (0..<20).map { _ in space.sample(&generator) }
    }
    #expect(sample(7) == sample(7))
    #expect(sample(7) != sample(8))
  }

  @Test func `every schedule is drawn as often as every other`() throws {
    let space = ScheduleSpace(try Scenario(stdout: 1, stderr: 0, lateWaiter: true, grandchild: true))
    let count = Int(space.count)
    var (generator, seed) = chance()
    var drawn: [[Source]: Int] = [:]
    let draws = count * 200
    for _ in 0..<draws { drawn[space.sample(&generator), default: 0] += 1 }
    #expect(drawn.count == count, "seed \(seed)")
    // Chi square with count − 1 degrees of freedom: 8 standard deviations above its mean.
    let square = drawn.values.reduce(0.0) { $0 + Double(($1 - 200) * ($1 - 200)) / 200 }
    #expect(square < Double(count) + 8 * Double(2 * count).squareRoot(), "seed \(seed)")
  }

  @Test func `above the bound a sample is run, and says so`() throws {
    let scenario = try Scenario(stdout: 6, stderr: 6, waiters: 2, lateWaiter: true, grandchild: true, forceClose: true)
    let limit = ExplorationLimit(whole: 1000, samples: 500, seed: 42)
    func run() -> [ExplorationResult] {
      var exploration = Exploration(scenario, kinds: [.exitFirst, .drainOrdered], limit: limit)
      #expect(exploration.total == 1000)
      #expect(exploration.advance(by: 999) == true)
      #expect(exploration.advance(by: 999) == false)
      return exploration.results
    }
    let results = run()
    #expect(results == run())
    #expect(results.allSatisfy { $0.isSample && $0.seed == 42 && $0.covered == 500 && $0.space > 1000 })
    #expect(results[0].losing > 400)
    #expect(results[1].losing == 0)
  }
}
