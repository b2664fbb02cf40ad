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
}
