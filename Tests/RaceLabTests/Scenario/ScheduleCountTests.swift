import ExecModel
import RaceLab
import Testing

@Suite struct ScheduleCountTests {
  @Test(
    arguments: zip(
      ["o1e1", "o2e2", "o1e1w1", "o1e1w2", "o1e1l", "o1e1d", "o1e1f", "o3e3w1l", "o0e0", "o1e0g"],
      [30, 140, 180, 630, 90, 90, 180, 34650, 6, 210] as [UInt128]))
  func `the number of schedules is the known one`(text: String, count: UInt128) throws {
    #expect(try Scenarios.scenario(text).scheduleCount == count)
  }

  @Test(arguments: Scenarios.small)
  func `what is counted is what is enumerated, each schedule once and in order`(text: String) throws {
    let scenario = try Scenarios.scenario(text)
    var walker = ScheduleWalkerProbe(scenario)
    var last: String?
    var count: UInt128 = 0
    while let schedule = walker.next(), count < 5000 {
      let places = String(schedule.sources.map { Character(UnicodeScalar(97 + $0.rawValue)) })
      if let last { #expect(last < places) }
      #expect(schedule.isComplete)
      last = places
      count += 1
    }
    #expect(count == min(5000, scenario.scheduleCount))
  }

  @Test func `the largest scenario is counted without overflow`() throws {
    let scenario = try Scenario(
      stdout: Scenario.mostChunks, stderr: Scenario.mostChunks, waiters: Scenario.mostWaiters, lateWaiter: true,
      grandchild: true, deadline: true, forceClose: true)
    #expect(scenario.scheduleCount == 5_046_264_601_125_275_837_365_407_711_360_000)
  }

  @Test func `a number out of bounds is refused with its bound`() {
    #expect(throws: Never.self) { try Scenario(stdout: 0, stderr: 0) }
    for (stdout, stderr, waiters) in [(-1, 1, 0), (25, 1, 0), (1, .min, 0), (1, .max, 0), (1, 1, 9), (1, 1, -3)] {
      let error = #expect(throws: TextValueError.self) {
        try Scenario(stdout: stdout, stderr: stderr, waiters: waiters)
      }
      #expect(error?.description.contains("there can be 0 to") == true)
    }
  }
}
