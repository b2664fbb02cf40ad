import BoxLiteWire
import ExecEngine
import ExecModel
import Synchronization
import TestSupport
import Testing

@testable import BoxLiteServer

@Suite struct ReaperTests {
  private func reap(_ fixture: StoreFixture, after time: Duration) {
    fixture.timers.advance(by: time)
    fixture.store.reap()
  }

  @Test func `an execution without a client gets two signals and is then killed`() throws {
    let fixture = try StoreFixture()
    reap(fixture, after: .seconds(299))
    #expect(fixture.signals.isEmpty)
    reap(fixture, after: .seconds(1))
    #expect(fixture.signals == [1])
    reap(fixture, after: .seconds(29))
    reap(fixture, after: .seconds(1))
    #expect(fixture.signals == [1, 15])
    reap(fixture, after: .seconds(30))
    #expect(fixture.signals == [1, 15, 9])
  }

  @Test func `a client that attaches stops it, also one that only watches`() throws {
    for query in ["", "stdin=0"] {
      let fixture = try StoreFixture()
      reap(fixture, after: .seconds(310))
      let ticket = try fixture.claim(query)
      reap(fixture, after: .seconds(1000))
      #expect(fixture.signals == [1])
      fixture.store.release(ticket, .open)
      reap(fixture, after: .seconds(299))
      #expect(fixture.signals == [1])
    }
  }

  @Test func `nothing runs longer than a session may`() throws {
    let fixture = try StoreFixture()
    _ = try fixture.claim()
    reap(fixture, after: .seconds(86_399))
    #expect(fixture.signals.isEmpty)
    reap(fixture, after: .seconds(1))
    #expect(fixture.signals == [9])
  }

  @Test func `a finished execution is known for five more minutes`() throws {
    let fixture = try StoreFixture()
    fixture.end()
    reap(fixture, after: .seconds(299))
    #expect(try fixture.status() == .completed)
    reap(fixture, after: .seconds(1))
    #expect(throws: ErrorReply.self) { try fixture.status() }
  }

  @Test func `an execution that no client started is never ended`() throws {
    let fixture = try StoreFixture()
    let id = try fixture.store.engine.start(ExecutionSpec(command: ["own"]), in: fixture.box)
    _ = try fixture.store.identify(id.description)
    reap(fixture, after: .seconds(299))
    _ = try fixture.store.claim(fixture.execution, AttachQuery("stdin=0"))
    reap(fixture, after: .seconds(1000))
    #expect(fixture.signals.isEmpty)
    reap(fixture, after: .seconds(86_400))
    #expect(fixture.signals == [9])
    fixture.end()
    #expect(try fixture.store.engine.snapshot(id).conclusion != nil)
    reap(fixture, after: .seconds(300))
    // The record that clients' claims need is gone, the execution is not.
    #expect(fixture.store.content.withLock { $0.executions[id] } == nil)
    #expect(throws: Never.self) { try fixture.store.engine.snapshot(id) }
  }

  @Test func `the engine removes what is removed here, unless it is shown`() throws {
    for isShown in [false, true] {
      let fixture = try StoreFixture(forgets: !isShown)
      fixture.end()
      reap(fixture, after: .seconds(299))
      #expect(fixture.store.engine.snapshots().count == 1)
      reap(fixture, after: .seconds(1))
      #expect(fixture.store.engine.snapshots().count == (isShown ? 1 : 0))
    }
  }
}
