import ExecEngine
import ExecModel
import TestSupport
import Testing

/// P4: the end is honest about what held it and what was cut.
@Suite struct DrainTests {
  private static let idle = ExecutionSpec(
    command: ["test"], drain: .untilIdle(grace: .seconds(2), limit: .seconds(10)))

  @Test func `the default never cuts, however long a stream is held`() throws {
    let fixture = try EngineFixture()
    fixture.sink.endOfStream(.stderr)
    fixture.sink.exited(.exited(0))
    fixture.timers.advance(by: .seconds(86_400))
    let snapshot = try fixture.engine.snapshot(fixture.id)
    #expect(snapshot.state == .draining(status: .exited(0), open: .stdout, cut: []))
    #expect(try fixture.engine.holders(fixture.id).map(\.streams) == [.stdout])
    fixture.sink.endOfStream(.stdout)
    #expect(try fixture.engine.snapshot(fixture.id).conclusion?.outcome.isComplete == true)
  }

  @Test func `every chunk starts the grace again, and the limit is absolute`() throws {
    let fixture = try EngineFixture(Self.idle)
    fixture.sink.exited(.exited(0))
    for _ in 0..<6 {
      fixture.timers.advance(by: .milliseconds(1500))
      fixture.sink.output(.stdout, ".")
    }
    #expect(!fixture.box.process.requests.contains(.empty(.both)))
    fixture.timers.advance(by: .seconds(1))
    #expect(fixture.box.process.requests.contains(.empty(.both)))
  }

  @Test func `what the kernel held is kept, and the cut stream is named`() throws {
    let fixture = try EngineFixture(Self.idle)
    fixture.sink.exited(.exited(3))
    fixture.sink.endOfStream(.stderr)
    fixture.timers.advance(by: .seconds(2))
    fixture.sink.output(.stdout, "held\n")
    fixture.sink.emptied(.stdout)
    let conclusion = try #require(try fixture.engine.snapshot(fixture.id).conclusion)
    #expect(conclusion.outcome == Outcome(status: .exited(3), truncated: .stdout))
    #expect(conclusion.bytes.stdout == 5)
  }

  @Test func `a deadline for a state that is gone does nothing`() throws {
    let fixture = try EngineFixture(Self.idle)
    fixture.sink.exited(.exited(0))
    fixture.sink.endOfStream(.stdout)
    fixture.sink.endOfStream(.stderr)
    let before = try fixture.events()
    fixture.timers.advance(by: .seconds(60))
    #expect(try fixture.events() == before)
  }

  @Test func `releasing a draining execution cuts it at once`() throws {
    let fixture = try EngineFixture()
    fixture.sink.exited(.exited(0))
    fixture.sink.endOfStream(.stderr)
    try fixture.engine.forceClose(fixture.id)
    #expect(fixture.box.process.requests.contains(.empty(.stdout)))
    fixture.sink.emptied(.stdout)
    #expect(
      try fixture.engine.snapshot(fixture.id).conclusion?.outcome == Outcome(status: .exited(0), truncated: .stdout))
  }

  @Test func `an empty policy that meets an exit before the box returned still empties`() throws {
    let fixture = try EngineFixture(ExecutionSpec(command: ["test"], drain: .untilEmpty)) { $0.exited(.exited(0)) }
    #expect(fixture.box.process.requests.contains(.empty(.both)))
  }

  @Test func `force-closing a running execution kills it and says so`() throws {
    let fixture = try EngineFixture()
    try fixture.engine.forceClose(fixture.id)
    #expect(fixture.box.process.requests.contains(.signal(.kill)))
    fixture.sink.exited(.signalled(9, coreDumped: false))
    fixture.sink.endOfStream(.stdout)
    fixture.sink.emptied(.stderr)
    #expect(
      try fixture.engine.snapshot(fixture.id).conclusion?.outcome == Outcome(status: .forceClosed, truncated: .stderr))
  }

  @Test func `a time limit sends TERM, and KILL only when the grace is over`() throws {
    let spec = ExecutionSpec(command: ["test"], timeLimit: .seconds(5), killGrace: .seconds(1))
    let fixture = try EngineFixture(spec)
    fixture.timers.advance(by: .seconds(5))
    #expect(fixture.box.process.requests == [.signal(.terminate)])
    fixture.timers.advance(by: .seconds(1))
    #expect(fixture.box.process.requests == [.signal(.terminate), .signal(.kill)])
    fixture.end(.signalled(9, coreDumped: false))
    #expect(try fixture.engine.snapshot(fixture.id).conclusion?.outcome.status == .timedOut)
  }
}
