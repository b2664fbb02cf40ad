import ExecModel
import RaceLab
import Testing

@Suite struct FaultTests {
  @Test func `a machine whose owner announces at the exit is caught`() {
    var explorer = Explorer(.smallest, HastyMachine())
    #expect(explorer.advance(by: .max) == false)
    #expect(explorer.result.losing == 14)
    #expect(explorer.result.shortest?.schedule.text == "o1e1:xoOeE")
  }

  @Test(
    arguments: zip(
      FaultyOwner.Fault.allCases,
      [.whole, .whole, [.order, .honestEnd], .order, .late, .late, [.order, .late], [.whole, .honestEnd]]
        as [PromiseSet]))
  func `each fault of an owner breaks the promise it is about`(fault: FaultyOwner.Fault, promises: PromiseSet) throws {
    let scenario = try Scenario(stdout: 1, stderr: 1, waiters: 1, grandchild: true, deadline: true)
    var explorer = Explorer(scenario, FaultyOwner(fault))
    while explorer.advance(by: 100_000) {}
    #expect(explorer.result.broken.isSuperset(of: promises), "\(explorer.result.broken.names)")
  }

  @Test func `the machine refuses nothing that a schedule tells it`() throws {
    var (generator, seed) = chance()
    for text in Scenarios.small {
      for _ in 0..<20 {
        var session = LabSession(try Scenarios.scenario(text), kinds: [.drainOrdered])
        session.runToEnd(&generator)
        guard case .drainOrdered(let dispatcher) = session.runs[0].dispatcher else { return #expect(Bool(false)) }
        #expect(dispatcher.refused == 0, "seed \(seed)")
        #expect(dispatcher.state.isTerminal)
      }
    }
  }
}
