import ExecModel
import SystemPackage
import TestSupport
import Testing

@testable import Journal

/// A journal that goes on in memory: one range of offsets and numbers over the disk and what comes after it.
@Suite struct MemoryRecordTests {
  private func bytes(_ count: Int, seed: UInt8) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0) ^ seed } }

  @Test func `readers of the same process go on over the seam`() throws {
    var journal = try TestJournal()
    let before = JournalReader(of: journal.writer)
    journal.output(.stdout, bytes(1000, seed: 1))
    _ = journal.writer.giveUp()
    journal.publish(.recordLost(RecordLoss(errno: 5, offsets: journal.counts)))
    journal.output(.stdout, bytes(2000, seed: 2))
    journal.output(.stderr, bytes(10, seed: 3))
    for reader in [before, JournalReader(of: journal.writer)] {
      #expect(try reader.bytes(.stdout, 0..<3000) == bytes(1000, seed: 1) + bytes(2000, seed: 2))
      #expect(try reader.bytes(.stderr, 0..<10) == bytes(10, seed: 3))
      #expect(try reader.records(from: 0, limit: .max).map(\.event) == journal.published)
      #expect(reader.recordCount() == UInt64(journal.published.count))
    }
    #expect(try journal.reader().records(from: 0, limit: .max).map(\.event) == Array(journal.published.prefix(1)))
    #expect(try journal.reader().bytes(.stdout, 0..<1000) == bytes(1000, seed: 1))
  }

  @Test func `a record in memory that is closed twice is counted as ended once`() throws {
    let folder = ScratchFolder()
    let count = JournalCount(folder.path)
    let identity = try TestJournal.identity()
    let writer = try JournalWriter(
      creating: folder.path.appending("journal"), identity: identity, spec: ExecutionSpec(command: ["true"]),
      countedBy: count)
    _ = writer.giveUp()
    writer.close()
    let once = try FileStatus(FilePath(count.path)).length
    writer.close()
    #expect(try once == 2 && FileStatus(FilePath(count.path)).length == once)
  }

  @Test func `memory stays below its bound for any amount of output, and a gap is reported`() throws {
    var journal = try TestJournal()
    journal.output(.stdout, bytes(100, seed: 1))
    _ = journal.writer.giveUp()
    let reader = JournalReader(of: journal.writer)
    let chunk = bytes(200_000, seed: 7)
    for _ in 0..<100 {
      let error = journal.output(.stdout, chunk)
      #expect(error == nil)
      _ = journal.evict(limit: journal.writer.memoryLimit)
    }
    #expect(journal.writer.retained <= MemoryBudget.shares.upperBound)
    let head = reader.heads().stdout
    #expect(head > 15_000_000)
    var buffer = [UInt8](repeating: 0, count: 10)
    #expect(try buffer.withUnsafeMutableBytes { try reader.read(.stdout, at: 0, into: $0) } == .evicted(upTo: head))
    let end = journal.counts.stdout
    #expect(try reader.bytes(.stdout, (end - 200_000)..<end) == chunk)
  }

  @Test(arguments: ExecStream.allCases)
  func `the files stay as they were when the disk was given up, whatever comes later`(later: ExecStream) throws {
    var journal = try TestJournal()
    // Long enough for room to be reserved ahead, of output and of records.
    let chunk = bytes(3000, seed: 1)
    for _ in 0..<700 { journal.output(.stdout, chunk) }
    let (kept, records) = (journal.counts.stdout, journal.published.count)
    _ = journal.writer.giveUp()
    for _ in 0..<100 { journal.output(later, chunk) }
    journal.writer.close()
    #expect(try FileStatus(journal.directory.appending("stdout")).length == Int(kept))
    #expect(try journal.reader().bytes(.stdout, 0..<kept) == (0..<700).flatMap { _ in chunk })
    #expect(try journal.reader().recordCount() == UInt64(records))
  }

  @Test func `a chunk without room is taken after readers have freed some`() throws {
    var journal = try TestJournal()
    _ = journal.writer.giveUp()
    let error = journal.output(.stdout, bytes(6 << 20, seed: 1))
    #expect(error == .resourceTemporarilyUnavailable)
    #expect(journal.counts.stdout == MemoryFile.capacity)
  }

  @Test func `many records in memory have small shares of one budget`() {
    let budget = MemoryBudget(1 << 20)
    let records = (0..<8).map { _ in MemoryRecord(budget) }
    #expect(budget.share == 1 << 20)
    for record in records { _ = record.beginEvents(at: 0) }
    #expect(budget.share == 128 << 10)
    var others = (0..<100).map { _ in MemoryRecord(budget) }
    for record in others { _ = record.beginEvents(at: 0) }
    #expect(budget.share == MemoryBudget.shares.lowerBound)
    others = []
    #expect(budget.share == 128 << 10)
  }

  @Test func `a shrunk record keeps its end and no descriptor`() throws {
    var journal = try TestJournal()
    journal.output(.stdout, bytes(100, seed: 1))
    _ = journal.writer.giveUp()
    let reader = JournalReader(of: journal.writer)
    for _ in 0..<5000 { journal.output(.stdout, bytes(100, seed: 2)) }
    let conclusion = Conclusion(outcome: Outcome(status: .exited(3)), bytes: journal.counts)
    journal.publish(.exit(conclusion))
    journal.writer.close()
    #expect(journal.writer.duplicateEvents() >= 0)
    journal.writer.shrink()
    #expect(journal.writer.retained <= MemoryRecord.remnant && journal.writer.duplicateEvents() == -1)
    #expect(try reader.liveness() == .finished(conclusion))
    let head = reader.heads().stdout
    #expect(head > 100)
    #expect(try reader.bytes(.stdout, head..<head + 100) == bytes(100, seed: 2), "what is left can be read")
    #expect(try reader.records(from: 0, limit: .max).last?.event == .exit(conclusion))
  }

  @Test func `the end of a lost record is noted where an older boxwatch does not look`() throws {
    var journal = try TestJournal()
    journal.output(.stdout, [65])
    let loss = RecordLoss(errno: 27, offsets: PerStream<UInt64>(stdout: 1), isAccepted: true)
    _ = journal.writer.giveUp()
    journal.publish(.recordLost(loss))
    let conclusion = Conclusion(
      outcome: Outcome(status: .exited(7), truncated: .both), bytes: PerStream<UInt64>(stdout: 9),
      cuts: [.stdout: .held(by: 4711), .stderr: .unreadable(5)], recordLoss: loss)
    journal.publish(.exit(conclusion))
    journal.writer.close()
    #expect(try journal.reader().liveness() == .finished(conclusion))
    #expect(try journal.reader().records(from: 0, limit: .max).count == 1)
    #expect(try JournalReader(of: journal.writer).liveness() == .finished(conclusion), "our own process has it still")
  }

  @Test(arguments: [
    StreamCut.held(by: nil), .held(by: 1), .held(by: .max), .forced, .unreadable(5), .unwritable(28), .connectionLost,
    .detached,
  ]) func `every reason is read as it was written`(cut: StreamCut) {
    #expect(StreamCut(word: cut.word) == cut)
    #expect(EventRecord(.streamEmptied(.stderr, cut)).event == .streamEmptied(.stderr, cut))
  }

  @Test func `damaged notes and a reason of a later boxwatch are left out`() {
    let page = [UInt8](repeating: 0xFF, count: JournalNotes.size)
    #expect(page.withUnsafeBytes { JournalNotes($0) } == JournalNotes())
    #expect(StreamCut(word: 200) == nil && StreamCut(word: 0) == nil)
  }
}
