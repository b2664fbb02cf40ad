import BoxLiteWire
import ExecModel
import TestSupport
import Testing

@testable import BoxLiteServer

@Suite struct HandOverTests {
  @Test func `an end that nobody was there for is told at once`() throws {
    let fixture = try StoreFixture()
    #expect(try fixture.status() == .running)
    fixture.end(.signalled(15, coreDumped: false))
    #expect(try fixture.status() == .completed)
    #expect(try fixture.store.status(fixture.name, fixture.execution).exitCode == -15)
  }

  @Test func `an end is kept while its client is attached, and told once it was handed over`() throws {
    let fixture = try StoreFixture()
    let ticket = try fixture.claim()
    fixture.end()
    #expect(try fixture.status() == .running)
    #expect(try fixture.store.executions(fixture.name).map(\.status) == [.completed])
    fixture.store.release(ticket, hasExit: true)
    #expect(try fixture.status() == .completed)
  }

  @Test func `after a cut the end is kept for a bounded time`() throws {
    let fixture = try StoreFixture()
    let ticket = try fixture.claim()
    fixture.end()
    fixture.timers.advance(by: .seconds(100))
    fixture.store.release(ticket, hasExit: false)
    fixture.timers.advance(by: .seconds(59))
    #expect(try fixture.status() == .running)
    fixture.timers.advance(by: .seconds(1))
    #expect(try fixture.status() == .completed)
  }

  @Test func `the time to come back starts with the end when the cut was before it`() throws {
    let fixture = try StoreFixture()
    fixture.store.release(try fixture.claim(), hasExit: false)
    fixture.timers.advance(by: .seconds(200))
    fixture.end()
    #expect(try fixture.status() == .running)
    fixture.timers.advance(by: .seconds(60))
    #expect(try fixture.status() == .completed)
  }

  @Test func `who was cut and asked comes back for the rest`() throws {
    let fixture = try StoreFixture()
    let ticket = try fixture.claim()
    let (read, sent) = (StreamCounts(stdout: 5, stderr: 1), StreamCounts(stdout: 9, stderr: 1))
    fixture.store.note(ticket, sent: sent, confirmed: read)
    fixture.store.release(ticket, hasExit: false)
    #expect(try fixture.status() == .running)
    let again = try fixture.claim()
    #expect(again.start == read && again.uncertain == sent)
  }

  @Test func `who comes without having asked gets everything`() throws {
    let fixture = try StoreFixture()
    let ticket = try fixture.claim()
    fixture.store.note(ticket, sent: StreamCounts(stdout: 9), confirmed: StreamCounts(stdout: 9))
    fixture.store.release(ticket, hasExit: false)
    #expect(try fixture.claim().start == StreamCounts())
  }

  @Test func `a probe made while the client was attached says nothing about a later cut`() throws {
    let fixture = try StoreFixture()
    let ticket = try fixture.claim()
    _ = try fixture.status()
    fixture.store.note(ticket, sent: StreamCounts(stdout: 9), confirmed: StreamCounts(stdout: 9))
    fixture.store.release(ticket, hasExit: false)
    #expect(try fixture.claim().start == StreamCounts())
  }

  @Test func `offsets that a client names are taken as they are`() throws {
    let fixture = try StoreFixture()
    let ticket = try fixture.claim("from_stdout=7&from_stderr=3")
    #expect(ticket.start == StreamCounts(stdout: 7, stderr: 3) && ticket.uncertain == ticket.start)
    #expect(try fixture.claim("stdin=0&from_stdout=2").start == StreamCounts(stdout: 2))
  }

  @Test func `one may write, and any number may watch`() throws {
    let fixture = try StoreFixture()
    let ticket = try fixture.claim()
    for _ in 0..<50 { #expect(try !fixture.claim("stdin=0").isWriter) }
    #expect(throws: ErrorReply.self) { try fixture.claim() }
    fixture.store.release(ticket, hasExit: false)
    #expect(try fixture.claim().isWriter)
  }

  @Test func `a claim that was given up changes nothing any more`() throws {
    let fixture = try StoreFixture()
    let old = try fixture.claim()
    fixture.store.release(old, hasExit: false)
    let new = try fixture.claim()
    fixture.store.note(old, sent: StreamCounts(stdout: 9), confirmed: StreamCounts(stdout: 9))
    fixture.store.release(old, hasExit: true)
    #expect(throws: ErrorReply.self) { try fixture.claim() }
    fixture.store.release(new, hasExit: false)
  }
}
