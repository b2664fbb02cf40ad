import ExecEngine
import ExecModel
import Journal
import Linux
import Synchronization
import TestSupport
import Testing

/// P3: who comes late is served, from the first byte or from an offset, and answered once.
@Suite struct LateTests {
  @Test func `a subscriber after the end reads everything`() throws {
    let fixture = try EngineFixture()
    fixture.sink.output(.stdout, "one\n")
    fixture.sink.output(.stderr, bytes: [0, 255, 0xC3])
    fixture.end()
    #expect(try fixture.bytes(.stdout) == Array("one\n".utf8))
    #expect(try fixture.bytes(.stderr) == [0, 255, 0xC3])
  }

  @Test func `a subscriber with an offset gets the rest, cut inside a chunk`() throws {
    let fixture = try EngineFixture()
    fixture.sink.output(.stdout, "hello ")
    fixture.sink.output(.stdout, "world")
    let subscription = try fixture.engine.attach(fixture.id, from: PerStream<UInt64>(stdout: 8))
    fixture.sink.output(.stdout, "!")
    var collector = StreamCollector(.stdout, from: 8)
    for event in try subscription.poll() { try collector.take(event, subscription.journal) }
    #expect(String(decoding: collector.bytes, as: UTF8.self) == "rld!")
    #expect(!collector.hasGap)
  }

  @Test func `a wait after the end is answered at once`() async throws {
    let fixture = try EngineFixture()
    fixture.end(.exited(4))
    #expect(try await fixture.engine.wait(fixture.id).outcome.status == .exited(4))
  }

  @Test func `an asynchronous subscriber ends after the exit`() async throws {
    let fixture = try EngineFixture()
    let subscription = try fixture.engine.attach(fixture.id)
    let reading = Task {
      var count = 0
      while try await subscription.next() != nil { count += 1 }
      return count
    }
    fixture.sink.output(.stdout, "x")
    fixture.end()
    #expect(try await reading.value == 6)
  }

  @Test func `a cancelled subscriber wakes up`() async throws {
    let fixture = try EngineFixture()
    let subscription = try fixture.engine.attach(fixture.id)
    let reading = Task { () -> Int in
      var count = 0
      while try await subscription.next() != nil { count += 1 }
      return count
    }
    subscription.cancel()
    reading.cancel()
    #expect(try await reading.value <= 1)
    fixture.end()
  }

  /// A waiter and a subscriber race the end from threads of their own, 200,000 times.
  @Test func `racing waiters are answered exactly once and racing subscribers see exactly one end`() throws {
    let trials = 2_000
    let waitersEach = 100
    let answered = Atomic<Int>(0)
    for _ in 0..<trials {
      let fixture = try EngineFixture()
      let (start, done) = (Gate(), Gate())
      let (engine, id, sink) = (fixture.engine, fixture.id, fixture.sink)
      DetachedThread.start(name: "waiters") {
        start.wait()
        for _ in 0..<waitersEach { try? engine.wait(id) { _ in answered.add(1, ordering: .relaxed) } }
        done.open()
      }
      sink.endOfStream(.stdout)
      sink.endOfStream(.stderr)
      start.open()
      sink.exited(.exited(0))
      let ends = try fixture.events().filter { if case .exit = $0 { true } else { false } }
      #expect(ends.count == 1)
      #expect(done.wait())
    }
    #expect(answered.load(ordering: .relaxed) == trials * waitersEach)
  }
}
