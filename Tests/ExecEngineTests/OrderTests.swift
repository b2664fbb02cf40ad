import ExecEngine
import ExecModel
import Synchronization
import TestSupport
import Testing

/// P1: output, then one exit, then one wait for each waiter.
@Suite struct OrderTests {
  @Test func `an exit that is reported first is published last`() throws {
    let fixture = try EngineFixture()
    fixture.sink.exited(.exited(0))
    fixture.sink.output(.stdout, "late\n")
    #expect(try fixture.engine.snapshot(fixture.id).conclusion == nil)
    fixture.sink.endOfStream(.stdout)
    fixture.sink.output(.stderr, "later")
    fixture.sink.endOfStream(.stderr)
    let conclusion = Conclusion(outcome: Outcome(status: .exited(0)), bytes: PerStream<UInt64>(stdout: 5, stderr: 5))
    #expect(
      try fixture.events() == [
        .started(processIdentifier: 4711), .exited(.exited(0)),
        .output(.stdout, range: 0..<5, lines: 1, endsLine: true), .endOfStream(.stdout),
        .output(.stderr, range: 0..<5, lines: 0, endsLine: false), .endOfStream(.stderr), .exit(conclusion),
      ])
  }

  @Test func `each waiter is answered once, after the exit, with one wait in the record`() throws {
    let fixture = try EngineFixture()
    let answers = Mutex<[Int: Int]>([:])
    for waiter in 0..<5 {
      try fixture.engine.wait(fixture.id) { _ in answers.withLock { $0[waiter, default: 0] += 1 } }
    }
    #expect(answers.withLock { $0.isEmpty })
    fixture.end()
    #expect(answers.withLock { $0 } == [0: 1, 1: 1, 2: 1, 3: 1, 4: 1])
    let tail = try fixture.events().suffix(6)
    #expect(tail.first == .exit(Conclusion(outcome: Outcome(status: .exited(0)))))
    #expect(tail.dropFirst() == (0..<5).map { .wait(waiter: UInt64($0)) }[...])
  }

  @Test func `reports after the end are counted and change nothing`() throws {
    let fixture = try EngineFixture()
    fixture.end()
    let before = try fixture.events()
    fixture.sink.exited(.exited(9))
    fixture.sink.endOfStream(.stdout)
    fixture.sink.connectionLost()
    #expect(try fixture.events() == before)
    #expect(try fixture.engine.snapshot(fixture.id).dropped == 3)
  }

  @Test func `nonsense from a box is counted and survived`() throws {
    let fixture = try EngineFixture()
    fixture.sink.started(processIdentifier: 1)
    fixture.sink.emptied(.stdout)
    fixture.end(.exited(7))
    #expect(try fixture.engine.snapshot(fixture.id).conclusion?.outcome == Outcome(status: .exited(7)))
    #expect(try fixture.engine.snapshot(fixture.id).dropped == 2)
  }

  @Test func `a whole run before the box returns is a whole record`() throws {
    let fixture = try EngineFixture { sink in
      sink.output(.stdout, "X")
      sink.exited(.exited(0))
      sink.endOfStream(.stdout)
      sink.endOfStream(.stderr)
    }
    #expect(try fixture.bytes(.stdout) == Array("X".utf8))
    #expect(fixture.box.process.requests == [.release])
  }

  @Test func `a start failure is an execution with an end`() throws {
    let fixture = try EngineFixture(failure: BoxError(.notFound, "no such command: test"))
    let snapshot = try fixture.engine.snapshot(fixture.id)
    #expect(snapshot.conclusion?.outcome.status == .startFailed(.notFound))
    #expect(snapshot.startError == "no such command: test")
    #expect(try fixture.events().first == .startFailed(.notFound))
  }
}
