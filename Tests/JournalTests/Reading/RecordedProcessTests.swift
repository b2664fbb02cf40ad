import ExecModel
import Glibc
import Linux
import TestSupport
import Testing

@testable import Journal

@Suite struct RecordedProcessTests {
  @Test func `the process began between the journal's creation and the recorded start`() throws {
    let before = BootClock.now
    var journal = try TestJournal()
    journal.publish(.started(processIdentifier: 4711))
    let process = try #require(try journal.reader().process())
    #expect(process.processIdentifier == 4711)
    #expect(process.began.contains(before) && process.began.upperBound <= BootClock.now)
    #expect(try journal.reader().records(from: 0, limit: 1).first?.event == .started(processIdentifier: 4711))
  }

  @Test func `a record without a process, a moment or this start of the machine names nothing`() throws {
    var journal = try TestJournal()
    journal.publish(.timeLimitElapsed)
    #expect(try journal.reader().process() == nil)
    journal.publish(.started(processIdentifier: nil))
    #expect(try journal.reader().process() == nil)
    var record = EventRecord(.started(processIdentifier: 4711))
    #expect(RecordedProcess(record, time: 1) == nil, "an older boxwatch noted no moment")
    record.note(.now)
    #expect(RecordedProcess(record, time: .max) != nil, "a time that cannot be is no trap")
    record.second ^= 1
    #expect(RecordedProcess(record, time: 1) == nil, "the machine was started again")
  }

  @Test func `an impossible time is unknown`() throws {
    var identity = try TestJournal.identity(created: 5)
    let event = RecordedEvent(sequence: 0, time: 7, event: .forceClosed)
    #expect(identity.moment(of: event) == 12)
    identity.created = .max
    #expect(identity.moment(of: event) == nil)
  }
}
