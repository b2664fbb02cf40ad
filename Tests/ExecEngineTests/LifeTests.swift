import ExecEngine
import ExecModel
import Journal
import Synchronization
import TestSupport
import Testing

/// An execution's beginning and its removal.
@Suite struct LifeTests {
  private struct Refusal: Error {}

  @Test func `a subscriber that prepares is there before the first byte can be evicted`() throws {
    let folder = ScratchFolder()
    let limit = JournalLimit.smallest
    let chunk = [UInt8](repeating: 0x78, count: 256 << 10)
    let taken = Mutex(0)
    // Two limits' worth of output before `start` returns.
    let box = ScriptedBox { sink in
      for _ in 0..<(2 * Int(limit) / chunk.count) { taken.withLock { $0 += sink.output(.stdout, bytes: chunk) } }
    }
    let engine = Engine(stateDirectory: folder.path)
    var subscription: Subscription?
    let id = try engine.start(ExecutionSpec(command: ["test"], keep: .bytes(limit)), in: box) { id in
      subscription = try engine.attach(id, needsEveryByte: true)
    }
    #expect(try engine.snapshot(id).evicted.total == 0)
    var collector = StreamCollector(.stdout)
    let reader = try #require(subscription)
    for event in try reader.poll() { try collector.take(event, reader.journal) }
    #expect(!collector.hasGap)
    #expect(collector.bytes.count == taken.withLock { $0 })
  }

  @Test func `nothing is started when preparing fails`() throws {
    let folder = ScratchFolder()
    let box = ScriptedBox { _ in Issue.record("started") }
    let engine = Engine(stateDirectory: folder.path)
    #expect(throws: Refusal.self) {
      try engine.start(ExecutionSpec(command: ["test"]), in: box) { _ in throw Refusal() }
    }
    #expect(engine.snapshots().map(\.conclusion?.outcome.status) == [.forceClosed])
  }

  @Test func `an execution can be removed as soon as its end is published`() throws {
    let fixture = try EngineFixture()
    let (engine, id) = (fixture.engine, fixture.id)
    let failure = Mutex<String?>("not asked")
    // The engine gives the process back after the end is published, and before the journal is closed.
    fixture.box.process.onRequest { request in
      guard request == .release else { return }
      let error = Result { try engine.remove(id) }
      failure.withLock { if case .failure(let error) = error { $0 = "\(error)" } else { $0 = nil } }
    }
    fixture.end()
    #expect(failure.withLock { $0 } == nil)
    #expect(engine.snapshots().isEmpty)
  }

  @Test func `an execution whose journal was removed from outside can be removed`() throws {
    let fixture = try EngineFixture()
    fixture.end()
    try JournalCatalogue(directory: fixture.engine.executionsDirectory).remove(fixture.id)
    try fixture.engine.remove(fixture.id)
    #expect(fixture.engine.snapshots().isEmpty)
  }

  @Test func `a running execution is not removed`() throws {
    let fixture = try EngineFixture()
    #expect(throws: EngineError.self) { try fixture.engine.remove(fixture.id) }
    #expect(fixture.engine.snapshots().count == 1)
  }

  @Test func `a time limit that comes after the end is no report`() throws {
    let fixture = try EngineFixture(ExecutionSpec(command: ["test"], timeLimit: .seconds(5)))
    fixture.end()
    fixture.timers.advance(by: .seconds(6))
    #expect(try fixture.engine.snapshot(fixture.id).dropped == 0)
  }
}
