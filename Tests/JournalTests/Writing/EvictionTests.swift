import ExecModel
import Glibc
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import Journal

@Suite struct EvictionTests {
  /// Bytes of a stream that tell their own offset, never zero.
  private struct Pattern: Sendable {
    static let period = 65_521
    let bytes = (0..<(period + (1 << 20))).map { UInt8(($0 % period) % 251 + 1) }

    func chunk(at offset: UInt64, _ count: Int) -> [UInt8] {
      let start = Int(offset % UInt64(Self.period))
      return Array(bytes[start..<(start + count)])
    }

    func matches(_ other: UnsafeRawBufferPointer, at offset: UInt64) -> Bool {
      bytes.withUnsafeBytes { bytes in
        guard let base = bytes.baseAddress, let other = other.baseAddress.map({ ($0, other.count) }) else {
          return false
        }
        return memcmp(base + Int(offset % UInt64(Self.period)), other.0, other.1) == 0
      }
    }
  }

  private static let shared = Pattern()
  private var pattern: Pattern { Self.shared }

  private func fill(_ journal: inout TestJournal, _ stream: ExecStream, chunks: Int, of size: Int = 64 << 10) {
    for _ in 0..<chunks { journal.output(stream, pattern.chunk(at: journal.counts[stream], size)) }
  }

  private func expectNone(_ plan: EvictionPlan?, at location: SourceLocation = #_sourceLocation) {
    #expect(plan == nil, sourceLocation: location)
  }

  @Test func `nothing is evicted below the limit`() throws {
    var journal = try TestJournal()
    fill(&journal, .stdout, chunks: 16)
    expectNone(journal.evict(limit: 1 << 20))
    #expect(journal.writer.retained == 1 << 20)
    #expect(try journal.reader().heads() == PerStream<UInt64>())
  }

  @Test func `over the limit the oldest go, offsets stay true, and the disk room comes back`() throws {
    var journal = try TestJournal()
    fill(&journal, .stdout, chunks: 48)
    let evicted = journal.evict(limit: 1 << 20)
    let plan = try #require(evicted)
    let head = plan.heads.stdout
    #expect(plan.events == [.evicted(.stdout, upTo: head)])
    #expect(head >= 2 << 20 && head < 3 << 20)
    #expect(journal.writer.retained == (3 << 20) - head)
    let reader = try journal.reader()
    #expect(reader.heads() == PerStream<UInt64>(stdout: head))
    #expect(try reader.bytes(.stdout, head..<(3 << 20)) == pattern.chunk(at: head, Int((3 << 20) - head)))
    var buffer = [UInt8](repeating: 0, count: 10)
    for offset in [0, 1, head - 1] {
      let result = try buffer.withUnsafeMutableBytes { try reader.read(.stdout, at: offset, into: $0) }
      #expect(result == .evicted(upTo: head))
    }
    let retained = Int(journal.writer.retained)
    journal.writer.close()
    let file = try FileStatus(journal.directory.appending("stdout"))
    #expect(file.length == 3 << 20)
    #expect(file.allocated <= retained + 4096)
    #expect(file.allocated >= retained)
  }

  @Test func `bytes that a subscriber must still read stay`() throws {
    var journal = try TestJournal()
    fill(&journal, .stdout, chunks: 48)
    expectNone(journal.evict(limit: 1 << 20, retainingFrom: 0))
    let evicted = journal.evict(limit: 1 << 20, retainingFrom: 5)
    let plan = try #require(evicted)
    #expect(plan.heads.stdout == 5 * 64 << 10)
    expectNone(journal.evict(limit: 1 << 20, retainingFrom: 5))
  }

  @Test func `the newest chunk stays however small the limit`() throws {
    var journal = try TestJournal()
    fill(&journal, .stdout, chunks: 4)
    let evicted = journal.evict(limit: 0)
    let plan = try #require(evicted)
    #expect(plan.heads.stdout == 3 * 64 << 10)
    expectNone(journal.evict(limit: 0))
  }

  @Test func `a flood on one stream does not push out the few lines of the other`() throws {
    var journal = try TestJournal()
    journal.output(.stderr, Array("warning\n".utf8))
    fill(&journal, .stdout, chunks: 64)
    let evicted = journal.evict(limit: 1 << 20)
    let plan = try #require(evicted)
    #expect(plan.heads.stderr == 0)
    #expect(plan.heads.stdout > 2 << 20)
    #expect(try journal.reader().bytes(.stderr, 0..<8) == Array("warning\n".utf8))
  }

  @Test func `both streams give when both are large`() throws {
    var journal = try TestJournal()
    for _ in 0..<200 {
      fill(&journal, .stdout, chunks: 1)
      fill(&journal, .stderr, chunks: 1)
      journal.evict(limit: 1 << 20)
      #expect(journal.writer.retained <= 1 << 20)
    }
    let heads = try journal.reader().heads()
    #expect(heads.stdout > 0 && heads.stderr > 0)
  }

  @Test func `with records beyond number their own room comes back too, and replay starts at the oldest left`() throws {
    let folder = ScratchFolder()
    let document = SpecDocument(identity: try TestJournal.identity(), spec: ExecutionSpec(command: ["true"]))
    let writer = try JournalWriter(creating: folder.path.appending("x"), document, recordAllowance: 1 << 20)
    let newline: [UInt8] = [10]
    for offset in 0..<UInt64(30_000) {
      #expect(writer.store(.stdout, newline.span.bytes).taken == 1)
      #expect(writer.publish(.output(.stdout, range: offset..<(offset + 1), lines: offset + 1), at: 0) == nil)
      if let plan = writer.planEviction(limit: 1 << 20, retainingFrom: nil) { writer.evict(plan) }
    }
    writer.close()
    let reader = try JournalReader(opening: writer.directory)
    let head = reader.heads().stdout
    #expect(head > 30_000 - (1 << 20) / 64 - 4200, "too few records went")
    let oldest = try #require(try reader.records(from: 0, limit: 1).first)
    #expect(
      oldest
        == RecordedEvent(sequence: head, time: 0, event: .output(.stdout, range: head..<(head + 1), lines: head + 1)))
    #expect(try reader.records(from: 0, limit: .max).count == 30_000 - Int(head))
    #expect(try FileStatus(writer.directory.appending("events")).allocated <= (1 << 20) + 3 * 4096)
    #expect(reader.recordCount() == 30_000)
  }

  @Test func `racing readers get true bytes or the gap, and never a hole's zeros`() throws {
    let seed = UInt64.random(in: 0 ... .max)
    var journal = try TestJournal(keep: .bytes(4 << 20))
    fill(&journal, .stdout, chunks: 1)
    let gate = Mutex(journal)
    let length = Atomic<UInt64>(64 << 10)
    let over = Atomic<Bool>(false)
    let bad = Mutex<[String]>([])
    let gaps = Atomic<Int>(0)
    let directory = journal.directory
    let pattern = pattern
    let writing: @Sendable () -> Void = {
      gate.withLock { journal in
        for _ in 0..<1500 {
          journal.output(.stdout, pattern.chunk(at: journal.counts.stdout, 32 << 10))
          length.store(journal.counts.stdout, ordering: .releasing)
          journal.evict(limit: 256 << 10)
        }
      }
      over.store(true, ordering: .releasing)
    }
    let reading: @Sendable (UInt64) -> Void = { number in
      var random = SeededGenerator(seed: seed &+ number)
      var buffer = [UInt8](repeating: 0, count: 64 << 10)
      do {
        let reader = try JournalReader(opening: directory)
        while !over.load(ordering: .acquiring) {
          let end = length.load(ordering: .acquiring)
          let offset = end - UInt64.random(in: 1...min(end, 600 << 10), using: &random)
          let size = Int(min(UInt64(buffer.count), end - offset))
          let result = try buffer.withUnsafeMutableBytes { buffer in
            let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<size])
            let result = try reader.read(.stdout, at: offset, into: part)
            if result == .bytes(size), !pattern.matches(UnsafeRawBufferPointer(part), at: offset) {
              bad.withLock { $0.append("wrong bytes at \(offset)") }
            }
            return result
          }
          switch result {
          case .bytes(let count): if count != size { bad.withLock { $0.append("\(count) of \(size) at \(offset)") } }
          case .evicted(let head):
            gaps.add(1, ordering: .relaxed)
            if head <= offset { bad.withLock { $0.append("gap to \(head) at \(offset)") } }
          }
        }
      } catch { bad.withLock { $0.append("\(error)") } }
    }
    Threads.run([writing, { reading(1) }, { reading(2) }])
    #expect(bad.withLock { $0 } == [], "seed \(seed)")
    #expect(gaps.load(ordering: .relaxed) > 0, "seed \(seed): no reader ever met the eviction")
  }
}
