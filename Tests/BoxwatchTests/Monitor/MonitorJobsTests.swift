import BoxwatchUI
import ExecModel
import Jobs
import Testing

@testable import boxwatch

/// What becomes of a list when a start fails.
@Suite struct MonitorJobsTests {
  private func jobs(_ count: Int) -> MonitorJobs {
    let spec = ExecutionSpec(command: ["x"])
    return MonitorJobs(Array(repeating: ExecutionRequest(box: "local", spec: spec), count: count), limit: 2)
  }

  @Test func `a stopped list keeps its commands, and continues after a requested start`() throws {
    var jobs = jobs(3)
    let next = jobs.takeNext()
    jobs.putBack(try #require(next))
    jobs.stop()
    #expect(!jobs.mayStart && jobs.waitingCount == 3)
    let rows = jobs.list()
    let taken = jobs.take(try #require(rows.first).id)
    #expect(taken != nil && jobs.waitingCount == 2)
    jobs.started(try #require(ExecutionID("one")))
    #expect(jobs.mayStart)
  }

  @Test func `a held list is reported once, and continues at an end or, when none runs, at the next try`() throws {
    var jobs = jobs(4)
    let id = try #require(ExecutionID("one"))
    jobs.started(id)
    let isFirst = jobs.hold()
    #expect(isFirst && !jobs.mayStart)
    jobs.retry()
    #expect(!jobs.mayStart, "the end of the one that runs is waited for")
    jobs.ended(id)
    #expect(jobs.mayStart)
    let isAgain = jobs.hold()
    #expect(!isAgain && !jobs.mayStart)
    jobs.retry()
    #expect(jobs.mayStart)
  }
}
