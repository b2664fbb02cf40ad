import ExecEngine
import ExecModel
import Glibc
import Journal
import Synchronization
import SystemPackage
import TestSupport
import Testing

/// A record that cannot be written and never will: subscribers here get everything all the same, in order, and the loss is
/// told.
@Suite struct RecordLossTests {
  /// A fixture in whose journal a folder stands where the stream's file is to be made: a failure that does not lift.
  private func blocked(_ spec: ExecutionSpec = ExecutionSpec(command: ["test"])) throws -> EngineFixture {
    let fixture = try EngineFixture(spec)
    try #require(mkdir(fixture.engine.journalDirectory(fixture.id).appending("stdout").string, 0o700) == 0)
    return fixture
  }

  @Test func `output that the disk refuses permanently is kept in memory, in order and with its end`() throws {
    let fixture = try blocked()
    let early = try fixture.engine.attach(fixture.id)
    #expect(fixture.sink.output(.stdout, "one\n") == 4)
    #expect(fixture.sink.output(.stderr, "two\n") == 4)
    fixture.end(.exited(3))
    var collector = StreamCollector(.stdout)
    var events: [ExecutionEvent] = []
    while case let more = try early.poll(), !more.isEmpty {
      for event in more { try collector.take(event, early.journal) }
      events += more.map(\.event)
    }
    #expect(collector.bytes == Array("one\n".utf8))
    let loss = RecordLoss(errno: EEXIST)
    #expect(events.contains(.recordLost(loss)))
    guard case .exit(let conclusion)? = events.last else {
      Issue.record("the last event is \(String(describing: events.last))")
      return
    }
    #expect(conclusion.outcome == Outcome(status: .exited(3)) && conclusion.recordLoss == loss)
    #expect(conclusion.shellCode == 125 && !conclusion.isWhole)
    #expect(try fixture.bytes(.stderr) == Array("two\n".utf8), "one who comes late has it too")
    #expect(early.hasEnded)
  }

  @Test func `another process reads that the record is lost, from where on, and how it ended`() throws {
    let fixture = try blocked()
    #expect(fixture.sink.output(.stderr, "kept") == 4)
    #expect(fixture.sink.output(.stdout, "lost") == 4)
    let reader = try JournalReader(opening: fixture.engine.journalDirectory(fixture.id))
    let loss = RecordLoss(errno: EEXIST, offsets: PerStream<UInt64>(stderr: 4))
    #expect(reader.recordLoss == loss)
    fixture.end(.exited(3))
    guard case .finished(let conclusion) = try reader.liveness() else {
      Issue.record("\(try reader.liveness())")
      return
    }
    #expect(conclusion.outcome.status == .exited(3) && conclusion.recordLoss == loss)
    let tail = JournalTail(reader)
    var events: [ExecutionEvent] = []
    while case let more = try tail.poll(), !more.isEmpty { events += more.map(\.event) }
    #expect(Array(events.suffix(2)) == [.recordLost(loss), .exit(conclusion)] && tail.hasEnded)
  }

  @Test func `a deleted journal is given up, and the command continues for its subscribers`() throws {
    let fixture = try EngineFixture()
    let folder = fixture.engine.journalDirectory(fixture.id)
    for name in ["events", "spec.json"] { try #require(unlink(folder.appending(name).string) == 0) }
    try #require(rmdir(folder.string) == 0)
    #expect(fixture.sink.output(.stdout, "hello") == 5)
    #expect(try fixture.bytes(.stdout) == Array("hello".utf8))
    fixture.end()
    #expect(try fixture.engine.snapshot(fixture.id).conclusion?.recordLoss?.errno == ENOENT)
  }

  @Test func `a journal that is deleted while it takes every byte is known to be lost at the end`() throws {
    let fixture = try EngineFixture()
    #expect(fixture.sink.output(.stdout, "hello") == 5)
    let folder = fixture.engine.journalDirectory(fixture.id)
    for name in ["events", "spec.json", "stdout"] { try #require(unlink(folder.appending(name).string) == 0) }
    try #require(rmdir(folder.string) == 0)
    #expect(try fixture.bytes(.stdout) == Array("hello".utf8), "one who attaches now reads it")
    fixture.end()
    let conclusion = try #require(try fixture.engine.snapshot(fixture.id).conclusion)
    #expect(conclusion.recordLoss?.reason.contains("deleted") == true)
    #expect(conclusion.recordLoss?.offsets == PerStream<UInt64>(), "nothing of it is left")
  }

  @Test func `the file of one stream that is deleted is lost at the end, and the other stream is not`() throws {
    let fixture = try EngineFixture()
    #expect(fixture.sink.output(.stdout, "hello") == 5)
    #expect(fixture.sink.output(.stderr, "kept") == 4)
    try #require(unlink(fixture.engine.journalDirectory(fixture.id).appending("stdout").string) == 0)
    fixture.end()
    let conclusion = try #require(try fixture.engine.snapshot(fixture.id).conclusion)
    let loss = RecordLoss(errno: ENOENT, offsets: PerStream<UInt64>(stderr: 4))
    #expect(conclusion.recordLoss == loss && conclusion.shellCode == 125)
    #expect(try fixture.bytes(.stdout) == Array("hello".utf8), "one who attaches now reads it")
    let reader = try JournalReader(opening: fixture.engine.journalDirectory(fixture.id))
    #expect(try reader.liveness() == .finished(conclusion), "the record says so too")
  }

  @Test func `a subscriber that needs every byte is waited for in memory, others get a gap`() throws {
    let fixture = try blocked()
    let needy = try fixture.engine.attach(fixture.id, needsEveryByte: true)
    let chunk = [UInt8](repeating: 0x78, count: 256 << 10)
    var taken = 0
    while case let count = fixture.sink.output(.stdout, bytes: chunk), count > 0, taken < 64 << 20 { taken += count }
    #expect(taken < 6 << 20, "\(taken) bytes were taken without anybody's reading them")
    var collector = StreamCollector(.stdout)
    while case let more = try needy.poll(), !more.isEmpty {
      for event in more { try collector.take(event, needy.journal) }
    }
    #expect(collector.bytes.count == taken)
    #expect(fixture.sink.output(.stdout, bytes: chunk) == chunk.count, "what was read makes room")
    needy.cancel()
    for _ in 0..<40 { #expect(fixture.sink.output(.stdout, bytes: chunk) == chunk.count) }
    let late = try fixture.engine.attach(fixture.id)
    #expect(late.journal.heads().stdout > 0)
    #expect(try fixture.engine.snapshot(fixture.id).evicted.stdout == late.journal.heads().stdout)
  }

  @Test func `bytes that the disk has are not counted as evicted when memory gives up those that come later`() throws {
    let fixture = try EngineFixture()
    try #require(mkdir(fixture.engine.journalDirectory(fixture.id).appending("stderr").string, 0o700) == 0)
    fixture.sink.output(.stdout, bytes: [UInt8](repeating: 0x78, count: 1000))
    fixture.sink.output(.stderr, "lost")
    let chunk = [UInt8](repeating: 0x79, count: 256 << 10)
    for _ in 0..<40 { fixture.sink.output(.stdout, bytes: chunk) }
    let head = try fixture.engine.reader(fixture.id).heads().stdout
    #expect(head > 1000)
    #expect(try fixture.engine.snapshot(fixture.id).evicted.stdout == head - 1000)
    fixture.end()
    #expect(try fixture.engine.snapshot(fixture.id).conclusion?.evicted.stdout == head - 1000)
  }

  @Test func `of executions that are over only the newest keep a large record in memory`() throws {
    let folder = ScratchFolder()
    let engine = Engine(stateDirectory: folder.path, timers: ManualTimers())
    var needy: Subscription?
    let ids = try (0..<12).map { number in
      let box = ScriptedBox()
      let id = try engine.start(ExecutionSpec(command: ["test"]), in: box)
      try #require(mkdir(engine.journalDirectory(id).appending("stdout").string, 0o700) == 0)
      if number == 1 { needy = try engine.attach(id, needsEveryByte: true) }
      for _ in 0..<8 { box.sink.output(.stdout, bytes: [UInt8](repeating: 0x78, count: 64 << 10)) }
      for stream in ExecStream.allCases { box.sink.endOfStream(stream) }
      box.sink.exited(.exited(0))
      return id
    }
    func heads() throws -> [UInt64] { try ids.map { try engine.reader($0).heads().stdout } }
    #expect(try heads().map { $0 > 0 } == [true, false, true, true] + [Bool](repeating: false, count: 8))
    #expect(try engine.snapshot(ids[0]).conclusion?.evicted.stdout == 0, "the end told what there was")
    withExtendedLifetime(needy) {}
    needy = nil
  }

  @Test func `the policy stop asks the command to end, and go-on accepts the loss`() throws {
    let stopped = try blocked(ExecutionSpec(command: ["test"], onRecordFailure: .stop))
    stopped.sink.output(.stdout, "x")
    #expect(stopped.box.process.requests.contains(.signal(.terminate)))
    stopped.timers.advance(by: .seconds(3))
    #expect(stopped.box.process.requests.contains(.signal(.kill)))
    let accepted = try blocked(ExecutionSpec(command: ["test"], onRecordFailure: .goOn))
    accepted.sink.output(.stdout, "x")
    accepted.end(.exited(3))
    let conclusion = try #require(try accepted.engine.snapshot(accepted.id).conclusion)
    #expect(conclusion.shellCode == 3 && conclusion.recordLoss?.isAccepted == true)
    #expect(!accepted.box.process.requests.contains(.signal(.terminate)))
  }

  @Test func `a loss is reported by a call, also when no event can be recorded`() throws {
    let folder = ScratchFolder()
    let engine = Engine(stateDirectory: folder.path, timers: ManualTimers())
    let told = Told()
    engine.watchRecords { _, health in told.health.withLock { $0.append(health) } }
    let box = ScriptedBox()
    let id = try engine.start(ExecutionSpec(command: ["test"]), in: box)
    try #require(mkdir(engine.journalDirectory(id).appending("stdout").string, 0o700) == 0)
    box.sink.output(.stdout, "x")
    #expect(told.health.withLock { $0 } == [.lost(RecordLoss(errno: EEXIST))])
  }

  private final class Told: Sendable {
    let health = Mutex<[RecordHealth]>([])
  }

  @Test func `a stream that cannot be read is truncated with its reason, and the status is kept`() throws {
    let fixture = try EngineFixture()
    fixture.sink.output(.stdout, "half")
    fixture.sink.failed(.stdout, errno: EIO)
    fixture.sink.endOfStream(.stderr)
    fixture.sink.exited(.exited(3))
    let conclusion = try #require(try fixture.engine.snapshot(fixture.id).conclusion)
    #expect(conclusion.outcome == Outcome(status: .exited(3), truncated: .stdout))
    #expect(conclusion.cuts == [.stdout: .unreadable(EIO)])
    #expect(conclusion.complaints == ["stdout truncated: reading it failed (input/output error)"])
    let reader = try JournalReader(opening: fixture.engine.journalDirectory(fixture.id))
    #expect(try reader.liveness() == .finished(conclusion), "the record says so too")
  }

  @Test func `a stream that is held is cut with its holder, one of a killed execution is not said to be held`() throws {
    let held = try EngineFixture(
      ExecutionSpec(command: ["test"], drain: .untilIdle(grace: .seconds(1), limit: .seconds(1))))
    held.sink.exited(.exited(0))
    held.timers.advance(by: .seconds(2))
    held.sink.emptied(.stdout)
    held.sink.endOfStream(.stderr)
    #expect(try held.engine.snapshot(held.id).conclusion?.cuts == [.stdout: .held(by: 4712)])
    let killed = try EngineFixture()
    try killed.engine.forceClose(killed.id, because: .unwritable(ENOSPC))
    killed.sink.exited(.signalled(9, coreDumped: false))
    killed.sink.emptied(.stdout)
    killed.sink.endOfStream(.stderr)
    #expect(try killed.engine.snapshot(killed.id).conclusion?.cuts == [.stdout: .unwritable(ENOSPC)])
  }
}
