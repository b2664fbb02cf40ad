import ExecEngine
import ExecModel
import RaceLab
import SystemPackage
import TestSupport
import Testing

@testable import RaceLive

@Suite struct LiveRaceTests {
  private func run(_ plan: LivePlan, in scratch: ScratchFolder = ScratchFolder()) throws -> [LiveTally] {
    let race = try LiveRace(plan, LiveScratch(in: scratch.path))
    #expect(try race.run(nil) == nil)
    #expect(race.finished == plan.total)
    return race.tallies
  }

  @Test func `behind a hop of 2 ms exit-first loses most short execs and drain-ordered none`() throws {
    let tallies = try run(
      LivePlan(kinds: [.exitFirst, .drainOrdered], count: 200, jobs: 2, delay: .fixed(.milliseconds(2))))
    #expect(tallies[0].losses > 100)
    #expect(tallies[1].losses == 0 && tallies[1].wrongExits == 0 && tallies[1].broken == [])
    #expect(tallies[1].count(.whole) == 200)
  }

  @Test func `random hops never change the order of a stream`() throws {
    let plan = LivePlan(
      command: ["sh", "-c", "echo a; echo b >&2; echo c"], kinds: [.endOfStreamOnly, .untilEmpty, .drainOrdered],
      count: 60,
      jobs: 4, delay: .random(0...3), seed: 11)
    for tally in try run(plan) {
      #expect(tally.losses == 0 && tally.brokenPromises == [], "\(tally.kind.name), seed \(plan.seed)")
    }
  }

  @Test func `every dispatcher ends, and none breaks its promises`() throws {
    for tally in try run(LivePlan(count: 10, jobs: 4, timer: .milliseconds(1))) {
      #expect(tally.executions == 10 && tally.missing == 0 && tally.brokenPromises == [], "\(tally.kind.name)")
    }
  }

  @Test func `an exit code and a signal reach the consumer as they were`() throws {
    for command in ["exit 3", "kill -9 $$"] {
      let plan = LivePlan(command: ["sh", "-c", command], kinds: [.exitFirst, .drainOrdered], count: 5)
      for tally in try run(plan) { #expect(tally.wrongExits == 0 && tally.count(.whole) == 5) }
    }
  }

  @Test func `a held stream is given up by a policy, and the end names it`() throws {
    let plan = LivePlan(
      command: ["sh", "-c", "sleep 60 & echo hi"], kinds: [.drainOrdered], count: 3, jobs: 3,
      drain: .untilIdle(grace: .milliseconds(20), limit: .seconds(5)))
    let tally = try run(plan)[0]
    #expect(tally.count(.cut) == 3 && tally.missing == 0 && tally.brokenPromises == [])
  }

  @Test func `an execution with a stream that is held for ever is killed at the limit`() throws {
    let plan = LivePlan(
      command: ["sh", "-c", "sleep 60 & echo hi"], kinds: [.endOfStreamOnly, .exitFirst], count: 2, jobs: 4,
      limit: .milliseconds(300))
    let tallies = try run(plan)
    #expect(tallies[0].missing == 2 && tallies[0].wrongExits == 2)
    #expect(tallies[1].missing == 0 && tallies[1].count(.whole) == 2)
  }

  @Test func `a command that cannot start ends the race and leaves nothing behind`() throws {
    let scratch = ScratchFolder()
    do {
      let race = try LiveRace(LivePlan(command: ["/no/such/program"], count: 5, jobs: 3), LiveScratch(in: scratch.path))
      guard case .start(let error) = try race.run(nil) else {
        Issue.record("it started")
        return
      }
      #expect(error.failure.shellCode == 127 && race.finished == 0)
    }
    #expect(ScratchFolder.names(in: scratch.path.string) == [])
  }

  @Test func `the journals are gone when the race is`() throws {
    let scratch = ScratchFolder()
    _ = try run(LivePlan(kinds: [.drainOrdered], count: 5), in: scratch)
    #expect(ScratchFolder.names(in: scratch.path.string) == [])
  }

  @Test func `the dispatchers take turns`() {
    let plan = LivePlan(kinds: [.exitFirst, .untilEmpty, .drainOrdered], count: 2)
    #expect((0..<plan.total).map(plan.kind(at:)) == plan.kinds + plan.kinds)
  }
}
