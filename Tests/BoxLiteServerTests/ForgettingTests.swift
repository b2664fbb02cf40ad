import BoxLiteWire
import ExecEngine
import ExecModel
import Synchronization
import TestSupport
import Testing

@testable import BoxLiteServer

@Suite struct ForgettingTests {
  @Test func `a thousand short executions leave no record behind in the server`() throws {
    let folder = ScratchFolder()
    let timers = ManualTimers()
    let engine = Engine(stateDirectory: folder.path, timers: timers)
    let store = Store(engine, ServerConfiguration()) { timers.now() }
    let box = InstantBox()
    let body = try ExecBody(body: Array(#"{"command":"short"}"#.utf8))
    for _ in 0..<4 {
      for _ in 0..<250 {
        let id = try store.exec(BoxPlace(id: "b", box: box), body)
        store.release(try store.claim(id, AttachQuery("")), .sure)
      }
      #expect(engine.snapshots().count == 250)
      timers.advance(by: .seconds(301))
      store.reap()
      #expect(engine.snapshots().isEmpty)
      #expect(store.content.withLock { $0.executions.isEmpty })
    }
    #expect(timers.pendingCount == 0)
  }

  @Test func `of very many that are over within the retention the newest are known`() throws {
    let folder = ScratchFolder()
    let timers = ManualTimers()
    let engine = Engine(stateDirectory: folder.path, timers: timers)
    var configuration = ServerConfiguration()
    configuration.finishedLimit = 10
    let store = Store(engine, configuration) { timers.now() }
    let body = try ExecBody(body: Array(#"{"command":"short"}"#.utf8))
    var ids: [ExecutionID] = []
    for _ in 0..<30 {
      ids.append(try store.exec(BoxPlace(id: "b", box: InstantBox()), body))
      timers.advance(by: .milliseconds(1))
    }
    let attached = try store.claim(ids[0], AttachQuery(""))
    store.reap()
    #expect(engine.snapshots().map(\.id) == [ids[0]] + ids.suffix(10))
    store.release(attached, .sure)
    store.reap()
    #expect(engine.snapshots().map(\.id) == Array(ids.suffix(10)))
    #expect(throws: ErrorReply.self) { try store.status(ids[0]) }
  }
}
