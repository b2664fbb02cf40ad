import ExecModel
import Jobs
import Testing

@testable import Headless

@Suite struct JobListTests {
  private func list(_ count: Int, limit: Int = 2) -> JobList {
    let requests = (0..<count).map { ExecutionRequest(box: "local", spec: ExecutionSpec(command: ["job", "\($0)"])) }
    return JobList(requests, limit: limit)
  }

  private func takeNext(_ jobs: inout JobList) throws -> (place: Int, request: ExecutionRequest) {
    let next = jobs.takeNext()
    return try #require(next)
  }

  private func start(_ jobs: inout JobList) throws -> Int {
    let next = try takeNext(&jobs)
    jobs.started(next.place, ExecutionID(checked: "job-\(next.place)"), next.request)
    return next.place
  }

  private let conclusion = Conclusion(outcome: Outcome(status: .exited(0)))

  @Test func `commands are started in order, up to the limit`() throws {
    var jobs = list(3)
    var places = [try start(&jobs)]
    #expect(jobs.mayStart)
    places.append(try start(&jobs))
    #expect(places == [0, 1] && !jobs.mayStart)
    #expect(jobs.waitingCount == 1 && jobs.runningIDs.map(\.description) == ["job-0", "job-1"])
  }

  @Test func `a command is over when its end and its output have come, in either order`() throws {
    var jobs = list(2)
    for reports in [
      [JobList.EndReport.concluded(0, conclusion), .written(0)], [.written(1), .concluded(1, conclusion)],
    ] {
      let place = try start(&jobs)
      let first = jobs.take(reports[0])
      #expect(first == nil)
      let second = jobs.take(reports[1])
      let (job, end) = try #require(second)
      #expect(job.request.spec.command == ["job", "\(place)"] && end == conclusion)
    }
    #expect(jobs.isOver)
  }

  @Test func `a held command goes back to the front, and waits for the end of another`() throws {
    var jobs = list(3)
    _ = try start(&jobs)
    let next = try takeNext(&jobs)
    let isHeld = jobs.hold(next)
    #expect(isHeld && !jobs.mayStart && !jobs.isHeldAlone)
    _ = jobs.take(.concluded(0, conclusion))
    _ = jobs.take(.written(0))
    #expect(jobs.mayStart)
    let place = try start(&jobs)
    #expect(place == 1)
  }

  @Test func `a command is not held where no other runs, unless until it is retried`() throws {
    var jobs = list(1)
    let next = try takeNext(&jobs)
    var isHeld = jobs.hold(next)
    #expect(!isHeld)
    isHeld = jobs.hold(next, evenAlone: true)
    #expect(isHeld && jobs.isHeldAlone && !jobs.mayStart)
    jobs.retry()
    #expect(!jobs.isHeldAlone && jobs.mayStart)
  }

  @Test func `the status is the first that is not 0 in the order of the list`() throws {
    var jobs = list(4, limit: 4)
    for _ in 0..<3 { _ = try start(&jobs) }
    jobs.finish(2, status: 3, complaints: ["third"])
    jobs.finish(0, status: 0, complaints: [])
    jobs.finish(1, status: 2, complaints: ["second"])
    jobs.cancelWaiting(status: 130)
    #expect(jobs.status == 2 && jobs.allComplaints == ["second", "third"] && jobs.waitingCount == 0)
  }
}
