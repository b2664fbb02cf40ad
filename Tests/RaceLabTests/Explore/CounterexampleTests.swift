import RaceLab
import Testing

@Suite struct CounterexampleTests {
  @Test(
    arguments: zip(
      [DispatcherKind.exitFirst, .exitGated, .lateRegistration, .fixedTimer, .untilEmpty, .endOfStreamOnly],
      [
        ("o1e1", "o1e1:xoOeE", 1), ("o1e1w1", "o1e1w1:xwoOeE", 2), ("o2e1", "o2e1:xooOeE", 1),
        ("o1e1", "o1e1d:xdoOeE", 2), ("o1e1g", "o1e1g:xoeEgoGO", 1), ("o1e1", "o1e1:oOeEx", 4),
      ]))
  func `the shortest losing schedule is always the same`(kind: DispatcherKind, expected: (String, String, Int)) throws {
    let result = try #require(explored(try Scenarios.scenario(expected.0), [kind])[kind])
    #expect(result.shortest?.schedule.text == expected.1)
    #expect(result.shortest?.decided == expected.2)
  }

  @Test(arguments: Scenarios.small)
  func `a shortest losing schedule loses when it is replayed, and its decided part loses already`(text: String) throws {
    for (kind, result) in explored(try Scenarios.scenario(text)) {
      guard let shortest = result.shortest else { continue }
      let replayed = LabSession(try Schedule(text: shortest.schedule.text), kinds: [kind])
      #expect(replayed.isComplete)
      #expect(replayed.verdicts[0].violations == shortest.violations)
      let part = try #require(
        Schedule(shortest.schedule.scenario, Array(shortest.schedule.sources.prefix(shortest.decided))))
      #expect(!LabSession(part, kinds: [kind]).verdicts[0].violations.isEmpty)
      let shorter = try #require(Schedule(part.scenario, Array(part.sources.dropLast())))
      #expect(LabSession(shorter, kinds: [kind]).verdicts[0].violations.isEmpty)
    }
  }

  @Test func `slices of any size give the same result`() throws {
    let scenario = try Scenario(waiters: 1, lateWaiter: true)
    var whole = Exploration(scenario)
    #expect(whole.advance(by: .max) == false)
    var (generator, seed) = chance()
    var sliced = Exploration(scenario)
    #expect(sliced.running == .exitFirst)
    while sliced.advance(by: Int.random(in: 1...50, using: &generator)) {
      #expect(sliced.covered < sliced.total)
    }
    #expect(sliced.results == whole.results, "seed \(seed)")
    #expect(sliced.covered == sliced.total)
    #expect(sliced.running == nil)
    #expect(sliced.advance(by: 1) == false)
  }

  @Test func `a slice of nothing, or of less, runs nothing`() {
    var exploration = Exploration(.smallest)
    #expect(exploration.advance(by: 0) == true)
    #expect(exploration.advance(by: -5) == true)
    #expect(exploration.covered == 0)
    var empty = Exploration(.smallest, kinds: [])
    #expect(empty.advance(by: 10) == false)
  }
}
