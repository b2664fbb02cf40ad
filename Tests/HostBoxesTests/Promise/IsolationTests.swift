import ExecEngine
import ExecModel
import HostBoxes
import Journal
import TestSupport
import Testing

/// P5 and P6 for the local box: subscribers cost a cursor, and a limit is kept.
@Suite(.serialized) struct IsolationTests {
  @Test func `P5 a stuck subscriber delays neither the command nor a fast subscriber`() throws {
    let run = LocalRun()
    let id = try run.start("head -c 50000000 /dev/zero")
    let stuck = try run.engine.attach(id)
    let fast = try ReadRecord(try run.engine.attach(id))
    #expect(fast.bytes(.stdout).count == 50_000_000)
    #expect(try run.end(id).outcome.isComplete)
    #expect(try ReadRecord(stuck).bytes(.stdout) == fast.bytes(.stdout))
  }

  @Test func `P5 a hundred subscribers at paces of their own all read the same`() throws {
    let run = LocalRun()
    let id = try run.start("seq 1 20000; seq 1 20000 >&2")
    let subscriptions = try (0..<100).map { _ in try run.engine.attach(id) }
    for subscription in subscriptions { _ = try subscription.poll(limit: Int.random(in: 1...3)) }
    _ = try run.end(id)
    let expected = try run.record(id)
    #expect(expected.bytes(.stdout) == expected.bytes(.stderr))
    for _ in 0..<20 { #expect(try run.record(id).bytes(.stdout) == expected.bytes(.stdout)) }
  }

  @Test func `P6 a limit evicts the oldest, and the gap is counted`() throws {
    let run = LocalRun()
    let id = try run.start("head -c 40000000 /dev/zero; echo tail", keep: .bytes(JournalLimit.smallest))
    let conclusion = try run.end(id)
    #expect(conclusion.bytes.stdout == 40_000_005)
    #expect(conclusion.evicted.stdout > 30_000_000)
    let reader = try JournalReader(opening: run.engine.journalDirectory(id))
    var tail = [UInt8](repeating: 0, count: 5)
    #expect(try tail.withUnsafeMutableBytes { try reader.read(.stdout, at: 40_000_000, into: $0) } == .bytes(5))
    #expect(tail == Array("tail\n".utf8))
    #expect(try tail.withUnsafeMutableBytes { try reader.read(.stdout, at: 0, into: $0) } != .bytes(5))
  }

  @Test func `P6 nothing is evicted that a subscriber must have: the command waits for it`() throws {
    let run = LocalRun()
    let id = try run.start("head -c 40000000 /dev/zero | tr '\\0' x; echo tail", keep: .bytes(JournalLimit.smallest))
    let subscription = try run.engine.attach(id, needsEveryByte: true)
    let record = try ReadRecord(subscription)
    #expect(!record.hasGap)
    #expect(record.bytes(.stdout).count == 40_000_005)
    #expect(try run.end(id).outcome.isComplete)
  }
}
