import ExecModel
import RaceLab
import Testing

@Suite struct LossTests {
  @Test func `one chunk a stream: thirty schedules, of which exit-first breaks fourteen`() {
    let results = explored(.smallest)
    #expect(results[.exitFirst]?.covered == 30)
    #expect(results[.exitFirst]?.losing == 14)
    #expect(results[.exitFirst]?.violations(of: .order) == 14)
    #expect(results[.exitFirst]?.violations(of: .whole) == 14)
    #expect(results[.drainOrdered]?.covered == 30)
    #expect(results[.drainOrdered]?.losing == 0)
  }

  @Test func `two chunks a stream: a hundred and forty, of which exit-first breaks eighty-eight`() throws {
    let results = explored(try Scenario(stdout: 2, stderr: 2))
    #expect(results[.exitFirst]?.covered == 140)
    #expect(results[.exitFirst]?.losing == 88)
    #expect(results[.drainOrdered]?.losing == 0)
  }

  @Test(
    arguments: zip(
      [DispatcherKind.exitFirst, .exitGated, .lateRegistration, .fixedTimer, .untilEmpty, .endOfStreamOnly],
      [
        ("o1e1", 14, "P1 P2"), ("o1e1w1", 120, "P1 P2"), ("o1e1", 10, "P1 P2"), ("o1e1", 24, "P1 P2"),
        ("o1e1g", 448, "P2 P4"), ("o1e1", 6, "P4"),
      ]))
  func `every racy dispatcher is seen to lose`(kind: DispatcherKind, expected: (String, Int, String)) throws {
    let result = try #require(explored(try Scenarios.scenario(expected.0), [kind])[kind])
    #expect(result.losing == expected.1)
    #expect(result.broken.names == expected.2)
  }

  @Test func `exit-gated loses nothing for clients that do not wait`() throws {
    #expect(explored(try Scenario(stdout: 2, stderr: 2), [.exitGated])[.exitGated]?.losing == 0)
    #expect(explored(try Scenario(waiters: 1), [.exitGated])[.exitGated]?.violations(of: .whole) ?? 0 > 0)
  }

  @Test(arguments: Scenarios.small + Scenarios.large)
  func `drain-ordered breaks nothing`(text: String) throws {
    let result = try #require(explored(try Scenarios.scenario(text), [.drainOrdered])[.drainOrdered])
    #expect(result.isFinished && !result.isSample)
    #expect(result.losing == 0, "\(result.shortest?.schedule.text ?? "")")
  }

  @Test(arguments: [DrainPolicy.untilEmpty, .untilEndOfStream, .untilIdle(grace: .seconds(1), limit: .seconds(2))])
  func `drain-ordered breaks nothing under any drain policy`(policy: DrainPolicy) throws {
    for text in Scenarios.small {
      var explorer = Explorer(try Scenarios.scenario(text), DrainOrdered(policy: policy))
      while explorer.advance(by: 5000) {}
      #expect(explorer.result.losing == 0, "\(explorer.result.shortest?.schedule.text ?? "")")
    }
  }

  @Test(arguments: Scenarios.small)
  func `no dispatcher breaks what it promises`(text: String) throws {
    let scenario = try Scenarios.scenario(text)
    for (kind, result) in explored(scenario) where kind != .drainOrdered {
      #expect(
        result.broken.isDisjoint(with: kind.promises),
        "\(kind.name) breaks \(result.broken.names): \(result.shortest?.schedule.text ?? "")")
    }
  }

  @Test func `a timer is added for fixed-timer, and only for it`() {
    for (kind, result) in explored(.smallest) { #expect(result.scenario.hasDeadline == (kind == .fixedTimer)) }
  }
}
