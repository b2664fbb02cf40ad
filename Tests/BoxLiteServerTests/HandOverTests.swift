import BoxLiteWire
import ExecModel
import TestSupport
import Testing

@testable import BoxLiteServer

@Suite struct HandOverTests {
  @Test func `an end without an attached client is reported at once`() throws {
    let fixture = try StoreFixture()
    #expect(try fixture.status() == .running)
    fixture.end(.signalled(15, coreDumped: false))
    #expect(try fixture.status() == .completed)
    #expect(try fixture.store.status(fixture.execution).exitCode == -15)
  }

  @Test func `an end is held while its client is attached, and reported once it was delivered`() throws {
    let fixture = try StoreFixture()
    let ticket = try fixture.claim()
    fixture.end()
    #expect(try fixture.status() == .running)
    #expect(fixture.store.executions(in: fixture.name).map(\.status) == [.completed])
    fixture.store.release(ticket, .sure)
    #expect(try fixture.status() == .completed)
  }

  @Test func `after a cut the end is kept for a bounded time`() throws {
    let fixture = try StoreFixture()
    let ticket = try fixture.claim()
    fixture.end()
    fixture.timers.advance(by: .seconds(100))
    fixture.store.release(ticket, .open)
    fixture.timers.advance(by: .seconds(59))
    #expect(try fixture.status() == .running)
    fixture.timers.advance(by: .seconds(1))
    #expect(try fixture.status() == .completed)
  }

  @Test func `the time to come back starts with the end when the cut was before it`() throws {
    let fixture = try StoreFixture()
    fixture.store.release(try fixture.claim(), .open)
    fixture.timers.advance(by: .seconds(200))
    fixture.end()
    #expect(try fixture.status() == .running)
    fixture.timers.advance(by: .seconds(60))
    #expect(try fixture.status() == .completed)
  }

  @Test func `a client that was cut and asked gets the rest`() throws {
    let fixture = try StoreFixture()
    let ticket = try fixture.claim()
    let (read, sent) = (PerStream<UInt64>(stdout: 5, stderr: 1), PerStream<UInt64>(stdout: 9, stderr: 1))
    fixture.store.note(ticket, sent: sent, confirmed: read)
    fixture.store.release(ticket, .open)
    #expect(try fixture.status() == .running)
    let again = try fixture.claim()
    #expect(again.start == read && again.note == .mayRepeat)
  }

  @Test func `a client that did not ask gets everything`() throws {
    let fixture = try StoreFixture()
    let ticket = try fixture.claim()
    fixture.store.note(ticket, sent: PerStream<UInt64>(stdout: 9), confirmed: PerStream<UInt64>(stdout: 9))
    fixture.store.release(ticket, .open)
    let again = try fixture.claim()
    #expect(again.start == PerStream<UInt64>() && again.note == .replayed)
  }

  @Test func `a client that has read all that was sent resumes without a note`() throws {
    let fixture = try StoreFixture()
    let ticket = try fixture.claim()
    let sent = PerStream<UInt64>(stdout: 9)
    fixture.store.note(ticket, sent: sent, confirmed: sent)
    // The question may come before the server has heard of the cut.
    _ = try fixture.status()
    fixture.timers.advance(by: .seconds(1))
    fixture.store.release(ticket, .open)
    let again = try fixture.claim()
    #expect(again.start == sent && again.note == nil)
  }

  @Test func `after the end was delivered every client gets everything, without a note`() throws {
    let fixture = try StoreFixture()
    let ticket = try fixture.claim()
    fixture.store.note(ticket, sent: PerStream<UInt64>(stdout: 9), confirmed: PerStream<UInt64>())
    fixture.end()
    fixture.store.release(ticket, .sure)
    _ = try fixture.status()
    let again = try fixture.claim()
    #expect(again.start == PerStream<UInt64>() && again.note == nil)
  }

  @Test func `a probe long before a cut says nothing about it`() throws {
    let fixture = try StoreFixture()
    let ticket = try fixture.claim()
    _ = try fixture.status()
    fixture.timers.advance(by: .seconds(6))
    fixture.store.note(ticket, sent: PerStream<UInt64>(stdout: 9), confirmed: PerStream<UInt64>(stdout: 9))
    fixture.store.release(ticket, .open)
    #expect(try fixture.claim().start == PerStream<UInt64>())
  }

  @Test func `offsets that a client names are taken as they are`() throws {
    let fixture = try StoreFixture()
    let ticket = try fixture.claim("from_stdout=7&from_stderr=3")
    #expect(ticket.start == PerStream<UInt64>(stdout: 7, stderr: 3) && ticket.note == nil)
    #expect(try fixture.claim("stdin=0&from_stdout=2").start == PerStream<UInt64>(stdout: 2))
  }

  @Test func `a client that asks right after an orderly end has not seen it, and may come back`() throws {
    let fixture = try StoreFixture()
    let ticket = try fixture.claim()
    fixture.end()
    fixture.store.release(ticket, .likely)
    fixture.timers.advance(by: .seconds(1))
    #expect(try fixture.status() == .running)
    fixture.timers.advance(by: .seconds(15))
    #expect(try fixture.status() == .running)
    fixture.timers.advance(by: .seconds(44))
    #expect(try fixture.status() == .completed)
  }

  @Test func `a client that asks later than a cut client would gets an orderly end`() throws {
    let fixture = try StoreFixture()
    let ticket = try fixture.claim()
    fixture.end()
    fixture.store.release(ticket, .likely)
    fixture.timers.advance(by: .seconds(6))
    #expect(try fixture.status() == .completed)
    #expect(try fixture.claim().note == nil)
  }

  @Test func `one may write, and any number may watch`() throws {
    let fixture = try StoreFixture()
    let ticket = try fixture.claim()
    for _ in 0..<50 { #expect(try !fixture.claim("stdin=0").isWriter) }
    #expect(throws: ErrorReply.self) { try fixture.claim() }
    fixture.store.release(ticket, .open)
    #expect(try fixture.claim().isWriter)
  }

  @Test func `a client that comes while the last one closes after its exit frame is accepted`() throws {
    let fixture = try StoreFixture()
    let old = try fixture.claim()
    fixture.end()
    #expect(throws: ErrorReply.self) { try fixture.claim() }
    fixture.store.noteExit(old)
    let new = try fixture.claim()
    #expect(new.start == PerStream<UInt64>() && new.note == nil)
    fixture.store.release(old, .open)
    #expect(throws: ErrorReply.self) { try fixture.claim() }
    fixture.store.release(new, .sure)
    #expect(try fixture.status() == .completed)
  }

  @Test func `a claim that was given up changes nothing any more`() throws {
    let fixture = try StoreFixture()
    let old = try fixture.claim()
    fixture.store.release(old, .open)
    let new = try fixture.claim()
    fixture.store.note(old, sent: PerStream<UInt64>(stdout: 9), confirmed: PerStream<UInt64>(stdout: 9))
    fixture.store.release(old, .sure)
    #expect(throws: ErrorReply.self) { try fixture.claim() }
    fixture.store.release(new, .open)
  }

  @Test func `where one client said it starts means nothing for the next`() throws {
    let fixture = try StoreFixture()
    let ticket = try fixture.claim("from_stdout=\(UInt64.max)")
    fixture.store.release(ticket, .open)
    #expect(try fixture.status() == .running)
    let again = try fixture.claim()
    #expect(again.start == PerStream<UInt64>() && again.note == .replayed)
  }
}
