import ExecModel
import Glibc
import Journal
import SystemPackage
import Testing

@Suite struct LivenessTests {
  private let conclusion = Conclusion(
    outcome: Outcome(status: .exited(3), truncated: .stderr), bytes: PerStream<UInt64>(stdout: 1),
    evicted: PerStream<UInt64>(stderr: 2))

  @Test func `a journal whose writer lives is running`() throws {
    var journal = try TestJournal()
    let reader = try journal.reader()
    #expect(try reader.liveness() == .running)
    journal.publish(.started(processIdentifier: 1))
    #expect(try reader.liveness() == .running)
  }

  @Test func `the terminal event makes it finished, before and after the writer closes`() throws {
    var journal = try TestJournal()
    journal.publish(.exit(conclusion))
    #expect(try journal.reader().liveness() == .finished(conclusion))
    for waiter in 0..<200 { journal.publish(.wait(waiter: UInt64(waiter))) }
    #expect(try journal.reader().liveness() == .finished(conclusion))
    journal.writer.close()
    #expect(try journal.reader().liveness() == .finished(conclusion))
  }

  @Test func `a writer that went without a terminal event leaves it interrupted`() throws {
    var journal = try TestJournal()
    journal.publish(.started(processIdentifier: 1))
    journal.writer.close()
    #expect(try journal.reader().liveness() == .interrupted)
  }

  @Test func `a torn last record is no record`() throws {
    var journal = try TestJournal()
    journal.publish(.started(processIdentifier: 1))
    journal.publish(.exit(conclusion))
    journal.writer.close()
    let events = journal.directory.appending("events").string
    for length in stride(from: 4096 + 127, through: 4096 + 64, by: -9) {
      #expect(truncate(events, length) == 0)
      let reader = try journal.reader()
      #expect(reader.recordCount() == 1)
      #expect(try reader.records(from: 0, limit: 9).map(\.event) == [.started(processIdentifier: 1)])
      #expect(try reader.liveness() == .interrupted)
    }
  }

  @Test func `a last page that a power cut left empty is no record`() throws {
    var journal = try TestJournal()
    journal.publish(.started(processIdentifier: 1))
    journal.writer.close()
    #expect(truncate(journal.directory.appending("events").string, 4096 + 20 * 64) == 0)
    let reader = try journal.reader()
    #expect(try reader.records(from: 0, limit: 9).map(\.event) == [.started(processIdentifier: 1)])
    #expect(try reader.liveness() == .interrupted)
  }

  @Test func `looking whether a writer lives never keeps a writer out`() throws {
    let journal = try TestJournal()
    for _ in 0..<100 { #expect(try journal.reader().liveness() == .running) }
    journal.writer.close()
    journal.writer.close()
    #expect(try journal.reader().liveness() == .interrupted)
  }
}
