import ExecEngine
import ExecModel
import Journal
import TestSupport
import Testing

/// P4 for the local box: a grandchild that keeps a pipe open.
@Suite(.serialized) struct DrainTests {
  @Test func `P4 a silent grandchild keeps the execution draining, is named, and its end is the end`() throws {
    let run = LocalRun()
    let fifo = "\(run.folder.path)/fifo"
    let id = try run.start("mkfifo \(fifo); (read x < \(fifo)) & echo hi; exit 3")
    try waitForExit(run, id)
    let snapshot = try run.engine.snapshot(id)
    #expect(snapshot.conclusion == nil)
    #expect(snapshot.state == .draining(status: .exited(3), open: .both, cut: []))
    let holders = try run.engine.holders(id)
    #expect(holders.map(\.streams) == [.both])
    #expect(holders.first?.processIdentifier != snapshot.processIdentifier)
    _ = try run.end(try run.start("echo go > \(fifo)"))
    #expect(try run.end(id).outcome == Outcome(status: .exited(3)))
  }

  @Test func `P4 a chatty grandchild's late lines are output like any other`() throws {
    let run = LocalRun()
    let fifo = "\(run.folder.path)/fifo"
    let id = try run.start("mkfifo \(fifo); (read x < \(fifo); seq 1 2000) & echo first; exit 0")
    try waitForExit(run, id)
    _ = try run.end(try run.start("echo go > \(fifo)"))
    #expect(try run.end(id).outcome.isComplete)
    let lines = String(decoding: try run.record(id).bytes(.stdout), as: UTF8.self).split(separator: "\n")
    #expect(lines.count == 2001)
    #expect(lines.last == "2000")
  }

  @Test func `P4 a grandchild that never ends is given up by the policy, and the cut is named`() throws {
    let run = LocalRun()
    let policy = DrainPolicy.untilIdle(grace: .milliseconds(50), limit: .seconds(5))
    let id = try run.start("exec 2>&-; sleep 1000 & echo $!; exit 0", drain: policy)
    let conclusion = try run.end(id)
    #expect(conclusion.outcome == Outcome(status: .exited(0), truncated: .stdout))
    let pid = String(decoding: try run.record(id).bytes(.stdout), as: UTF8.self)
    _ = try run.end(try run.start("kill \(pid)"))
  }

  @Test func `P4 releasing ends the draining and keeps what was there`() throws {
    let run = LocalRun()
    let id = try run.start("sleep 1000 & echo $!; exit 0")
    try waitForExit(run, id)
    try run.engine.forceClose(id)
    let conclusion = try run.end(id)
    #expect(conclusion.outcome == Outcome(status: .exited(0), truncated: .both))
    let pid = String(decoding: try run.record(id).bytes(.stdout), as: UTF8.self)
    #expect(!pid.isEmpty)
    _ = try run.end(try run.start("kill \(pid)"))
  }

  @Test func `P4 force-closing a running command kills its group and says force closed`() throws {
    let run = LocalRun()
    let id = try run.start("trap '' TERM; sleep 1000 & echo $!; wait")
    let subscription = try run.engine.attach(id)
    try waitForOutput(subscription)
    try run.engine.forceClose(id)
    #expect(try run.end(id).outcome.status == .forceClosed)
    #expect(try run.record(id).bytes(.stdout).last == UInt8(ascii: "\n"))
  }

  private func waitForExit(_ run: LocalRun, _ id: ExecutionID) throws {
    try wait(for: try run.engine.attach(id)) { if case .exited = $0 { true } else { false } }
  }

  private func waitForOutput(_ subscription: Subscription) throws {
    try wait(for: subscription) { if case .output = $0 { true } else { false } }
  }

  private func wait(for subscription: Subscription, _ matches: (ExecutionEvent) -> Bool) throws {
    let wake = WakeUp()
    while true {
      let events = try subscription.poll()
      if events.contains(where: { matches($0.event) }) { return }
      try #require(!subscription.hasEnded)
      if events.isEmpty, subscription.arm({ wake.signal() }) { try #require(wake.wait()) }
    }
  }
}
